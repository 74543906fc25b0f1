import { z } from 'zod'

type Node = z.core.JSONSchema._JSONSchema

const isSchema = (node: Node | undefined): node is z.core.JSONSchema.JSONSchema => typeof node === 'object'

const resolve = (root: z.core.JSONSchema.JSONSchema, reference: string): Node | undefined =>
  reference === '#' ? root : root.$defs?.[reference.replace('#/$defs/', '')]

/** Schemas of what one step of a path leads to: a field, or `*` for each item of a list or value of a record. */
const step = (node: z.core.JSONSchema.JSONSchema, segment: string): (Node | undefined)[] => {
  if (segment !== '*') return [node.properties?.[segment]]
  const items = Array.isArray(node.items) ? node.items : [node.items]
  return [...items, ...(node.prefixItems ?? []), node.additionalProperties]
}

const leadsOn = (
  root: z.core.JSONSchema.JSONSchema,
  node: Node | undefined,
  path: readonly string[],
): boolean => {
  if (!isSchema(node)) return false
  const [segment, ...rest] = path
  if (segment === undefined) return true
  if (node.$ref !== undefined) return leadsOn(root, resolve(root, node.$ref), path)
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return (
    branches.some((branch) => leadsOn(root, branch, path)) ||
    step(node, segment).some((next) => leadsOn(root, next, rest))
  )
}

/**
 * The personal paths that are not in a schema: a typing error there would let personal data into the logs.
 *
 * @param schema - of an event's data.
 * @param paths - dotted; `*` stands for each item of a list or value of a record: `lines.*.email`.
 */
export const unknownPaths = (schema: z.ZodType, paths: readonly string[]): string[] => {
  if (paths.length === 0) return []
  const root = z.toJSONSchema(schema, { unrepresentable: 'any' })
  return paths.filter((path) => !leadsOn(root, root, path.split('.')))
}
