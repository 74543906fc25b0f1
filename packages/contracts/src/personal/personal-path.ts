import type { z } from 'zod'
import { schemasAt } from '../schema/fields.ts'
import { schemaOf } from '../schema/published-schema.ts'

/**
 * The personal paths that are not in a schema: a typing error there would let personal data into the logs.
 *
 * @param schema - of an event's data.
 * @param paths - dotted; `*` stands for each item of a list or value of a record: `lines.*.email`.
 */
export const unknownPaths = (schema: z.ZodType, paths: readonly string[]): string[] => {
  if (paths.length === 0) return []
  const root = schemaOf(schema)
  return paths.filter((path) => schemasAt(root, path).length === 0)
}
