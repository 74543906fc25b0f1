/** The environment as the process sees it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What became of the references in one text. */
export type Resolved = {
  readonly text: string
  /** Names that were referred to. */
  readonly names: readonly string[]
  /** Referred to without default, and not set or empty. */
  readonly missing: readonly string[]
  /** What of the text stands in the file: written literally or as a default that was taken. Empty: nothing does. */
  readonly written: string
  /** References that are not well formed. */
  readonly malformed: readonly string[]
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g
const INNER = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

/**
 * Fills in `${NAME}` and `${NAME:-default}`; `$${` stands for a literal `${`. As in a shell, an empty variable takes
 * the default; without a default it counts as missing, because an empty secret is a mistake everywhere.
 */
export const resolveReferences = (text: string, env: Environment): Resolved => {
  const names: string[] = []
  const missing: string[] = []
  const malformed: string[] = []
  const written: string[] = []
  let at = 0
  const fill = (whole: string, inner: string | undefined): { value: string; isWritten: boolean } => {
    if (whole === '$${') return { value: '${', isWritten: true }
    const [, name, preset] = (whole.endsWith('}') && INNER.exec(inner ?? '')) || []
    if (name === undefined) {
      malformed.push(whole)
      return { value: whole, isWritten: false }
    }
    names.push(name)
    const value = env[name]
    if (value !== undefined && value !== '') return { value, isWritten: false }
    if (preset === undefined) missing.push(name)
    return { value: preset ?? '', isWritten: true }
  }
  const filled = text.replaceAll(REFERENCE, (whole: string, inner: string | undefined, offset: number) => {
    const { value, isWritten } = fill(whole, inner)
    written.push(text.slice(at, offset), isWritten ? value : '')
    at = offset + whole.length
    return value
  })
  written.push(text.slice(at))
  return { text: filled, names, missing, malformed, written: written.join('') }
}
