import { valueAt } from './issue-findings.ts'
import type { Problem } from './issue-findings.ts'
import { schemasAt } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Entry, YamlSource } from './yaml-source.ts'

const holdsText = (source: YamlSource, { path, scalar, env }: Entry): boolean => {
  const value = valueAt(source.value, path)
  return scalar && env?.literal !== false && typeof value === 'string' && value !== ''
}

const CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i

const holdsCredentials = (source: YamlSource, { path }: Entry): boolean =>
  CREDENTIALS.test(String(valueAt(source.value, path)))

/** Addresses with a user name or password (`https://user:password@host`), and fields marked `.meta({ secret: true })` whose value, or the default of whose reference, stands in the file. */
export const plainSecrets = (
  source: YamlSource,
  schema: JsonSchema,
): readonly (Problem & { readonly severity: 'warning' })[] =>
  [...source.entries.values()]
    .filter((entry) => holdsText(source, entry))
    .flatMap((entry) => {
      const secret = schemasAt(schema, entry.path).some((one) => one.secret === true)
      if (!secret && !holdsCredentials(source, entry)) return []
      const message = secret
        ? 'this is a secret and stands in the file.'
        : 'this address holds a user name or a password.'
      return [{ code: 'MESH_CONFIG_PLAIN_SECRET', severity: 'warning', path: entry.path, message }]
    })
