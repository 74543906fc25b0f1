import { valueAt } from '../finding/issue-findings.ts'
import type { Problem } from '../finding/issue-findings.ts'
import { schemasAt } from '../finding/json-schema.ts'
import type { JsonSchema } from '../finding/json-schema.ts'
import type { Path } from '../finding/path.ts'
import type { Entry, YamlSource } from './yaml-source.ts'

/** What of a text stands in the file itself; empty for everything that is no text, or comes from the environment. */
const writtenText = (source: YamlSource, { path, scalar, env }: Entry): string => {
  const value = valueAt(source.value, path)
  return scalar && typeof value === 'string' ? (env?.written ?? value) : ''
}

const USER_INFO = /^[a-z0-9+.-]*:\/\/([^/?#]*)@/i

/** A password, or a user name that stands alone as tokens do. */
const holdsCredentials = (written: string): boolean => {
  const [, info = ''] = USER_INFO.exec(written) ?? []
  return info.slice(info.indexOf(':') + 1) !== ''
}

/** Secrets of which nothing is in the file: `Bearer ${TOKEN}` as a header. */
const AUTH_SCHEME = /^[a-z][a-z0-9-]* $/i

/** Whether a setting, or a section that it is in, is marked `.meta({ secret: true })`. */
const isSecret = (schema: JsonSchema, path: Path): boolean =>
  path.some((_, index) => schemasAt(schema, path.slice(0, index + 1)).some((one) => one.secret === true))

/** Addresses with a user name or password (`https://user:password@host`), and fields marked `.meta({ secret: true })` whose value, or the default of whose reference, stands in the file. */
export const plainSecrets = (
  source: YamlSource,
  schema: JsonSchema,
): readonly (Problem & { readonly severity: 'warning' })[] =>
  [...source.entries.values()].flatMap((entry) => {
    const written = writtenText(source, entry)
    const fromEnvironment = entry.env !== undefined && AUTH_SCHEME.test(written)
    const secret = written !== '' && !fromEnvironment && isSecret(schema, entry.path)
    if (!secret && !holdsCredentials(written)) return []
    const message = secret
      ? 'this is a secret and stands in the file.'
      : 'this address holds a user name or a password.'
    return [{ code: 'MESH_CONFIG_PLAIN_SECRET', severity: 'warning', path: entry.path, message }]
  })
