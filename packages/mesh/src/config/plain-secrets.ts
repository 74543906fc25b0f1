import { valueAt } from './issue-findings.ts'
import type { Problem } from './issue-findings.ts'
import { schemasAt } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Entry, YamlSource } from './yaml-source.ts'

const holdsText = (source: YamlSource, { path, scalar, env }: Entry): boolean => {
  const value = valueAt(source.value, path)
  return scalar && env?.literal !== false && typeof value === 'string' && value !== ''
}

/** Fields marked `.meta({ secret: true })` whose value, or the default of whose reference, stands in the file. */
export const plainSecrets = (
  source: YamlSource,
  schema: JsonSchema,
): readonly (Problem & { readonly severity: 'warning' })[] =>
  [...source.entries.values()]
    .filter((entry) => holdsText(source, entry))
    .filter((entry) => schemasAt(schema, entry.path).some((one) => one.secret === true))
    .map(({ path }) => ({
      code: 'MESH_CONFIG_PLAIN_SECRET',
      severity: 'warning',
      path,
      message: 'this is a secret and stands in the file.',
    }))
