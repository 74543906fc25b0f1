/** The environment as the process sees it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What became of the references in one text. */
export type Resolved = {
  readonly text: string
  /** Names that were referred to. */
  readonly names: readonly string[]
  /** Referred to without default, and not set or empty. */
  readonly missing: readonly string[]
  /** True where text besides references went in: written literally or as a default. */
  readonly literal: boolean
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
  let fromDefault = false
  const outside = text.replaceAll(REFERENCE, (whole) => (whole === '$${' ? whole : ''))
  const filled = text.replaceAll(REFERENCE, (whole: string, inner: string | undefined) => {
    if (whole === '$${') return '${'
    const [, name, preset] = (whole.endsWith('}') && INNER.exec(inner ?? '')) || []
    if (name === undefined) {
      malformed.push(whole)
      return whole
    }
    names.push(name)
    const value = env[name]
    if (value !== undefined && value !== '') return value
    if (preset === undefined) missing.push(name)
    else fromDefault ||= preset !== ''
    return preset ?? ''
  })
  return { text: filled, names, missing, malformed, literal: fromDefault || outside !== '' }
}
