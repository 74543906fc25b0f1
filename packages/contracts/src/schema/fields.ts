import type { SchemaNode } from './node.ts'

const resolved = (root: SchemaNode, node: SchemaNode): SchemaNode | undefined =>
  node.$ref === undefined ? node : node.$ref === '#' ? root : root.$defs?.[node.$ref.replace('#/$defs/', '')]

/** A schema and its alternatives, references followed. */
export const alternativesOf = (root: SchemaNode, node: SchemaNode): readonly SchemaNode[] => {
  const seen = new Set<SchemaNode>()
  const visit = (one: SchemaNode): void => {
    const target = resolved(root, one)
    if (target === undefined || seen.has(target)) return
    seen.add(target)
    for (const inner of [...(target.anyOf ?? []), ...(target.oneOf ?? []), ...(target.allOf ?? [])])
      visit(inner)
  }
  visit(node)
  return [...seen]
}

const isNode = (value: boolean | SchemaNode | undefined): value is SchemaNode => typeof value === 'object'

/** Schemas of what one step of a path leads to: a field, or `*` for each item of a list or value of a record. */
const step = (node: SchemaNode, segment: string): readonly SchemaNode[] => {
  if (segment === '*')
    return [node.items, ...(node.prefixItems ?? []), node.additionalProperties].filter(isNode)
  const named = Object.hasOwn(node.properties ?? {}, segment) ? node.properties?.[segment] : undefined
  return named === undefined ? [] : [named]
}

/**
 * Every schema that may describe the value at a path; none where the contract has no such field.
 *
 * @param path - dotted; `*` stands for each item of a list or value of a record: `lines.*.mode`.
 */
export const schemasAt = (root: SchemaNode, path: string): readonly SchemaNode[] =>
  path
    .split('.')
    .reduce<readonly SchemaNode[]>(
      (found, segment) =>
        found.flatMap((node) => step(node, segment)).flatMap((node) => alternativesOf(root, node)),
      alternativesOf(root, root),
    )

const MOST_LEVELS = 12

/** Dotted paths of every field, parents before children; `*` stands for items and for values of a record. */
export const fieldsOf = (root: SchemaNode): readonly string[] => {
  const below = (node: SchemaNode, at: readonly string[]): readonly string[] =>
    at.length > MOST_LEVELS
      ? []
      : alternativesOf(root, node).flatMap((one) => {
          const items = step(one, '*').flatMap((inner) => below(inner, [...at, '*']))
          const named = Object.entries(one.properties ?? {}).flatMap(([name, inner]) => [
            [...at, name].join('.'),
            ...below(inner, [...at, name]),
          ])
          return [...named, ...items]
        })
  return [...new Set(below(root, []))]
}

/** Whether every valid event has a value at a path that leads through objects alone. */
export const isRequired = (root: SchemaNode, path: string): boolean => {
  const segments = path.split('.')
  return segments.every((segment, nth) => {
    const parents = nth === 0 ? alternativesOf(root, root) : schemasAt(root, segments.slice(0, nth).join('.'))
    const objects = parents.filter(({ properties }) => properties !== undefined)
    const others = parents.some(({ type }) => type !== undefined && type !== 'object')
    return objects.length > 0 && !others && objects.every(({ required = [] }) => required.includes(segment))
  })
}
