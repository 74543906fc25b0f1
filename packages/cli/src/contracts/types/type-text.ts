import type { SchemaNode } from '@commerce-mesh/contracts'
import { docComment } from './comment.ts'

/** What the types of one event are written with. */
export type Writing = {
  /** Name of the event's own type; what its schema defines besides is named after it. */
  readonly name: string
  /** Paragraphs of the comment above a field. */
  readonly about: (path: string) => readonly string[]
}

const NAME = /^[A-Za-z_$][\w$]*$/

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const literal = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : JSON.stringify(value)

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ')

const isCompound = ({ enum: values = [], anyOf = [], oneOf = [], allOf = [] }: SchemaNode): boolean =>
  values.length > 1 || anyOf.length + oneOf.length > 1 || allOf.length > 1

/** As part of a list or of an intersection. */
const closed = (node: SchemaNode, type: string): string => (isCompound(node) ? `(${type})` : type)

/** Name of the type of a definition that an event's schema refers to. */
export const definedName = ({ name }: Writing, definition: string): string =>
  name +
  definition.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, first: string) => first.toUpperCase())

const referred = (ref: string, writing: Writing): string =>
  ref === '#' ? writing.name : definedName(writing, ref.slice(ref.lastIndexOf('/') + 1))

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

const fieldLines = (node: SchemaNode, path: string, indent: string, writing: Writing): readonly string[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const at = below(path, name)
    const isRequired = node.required?.includes(name) ?? false
    const key = NAME.test(name) ? name : quoted(name)
    const type = typeText(field, at, indent, writing)
    return [
      ...docComment(writing.about(at), indent),
      // In JSON, a field that is undefined is not there.
      `${indent}readonly ${isRequired ? `${key}: ${type}` : `${key}?: ${type} | undefined`}`,
    ]
  })

const objectText = (node: SchemaNode, path: string, indent: string, writing: Writing): string => {
  const { properties, additionalProperties: others } = node
  const rest = typeof others === 'object' ? typeText(others, below(path, '*'), indent, writing) : undefined
  if (properties === undefined) return `Readonly<Record<string, ${rest ?? 'unknown'}>>`
  const fields = fieldLines(node, path, `${indent}  `, writing)
  const own = fields.length === 0 ? '{}' : ['{', ...fields, `${indent}}`].join('\n')
  return rest === undefined ? own : `${own} & Readonly<Record<string, unknown>>`
}

const listText = (node: SchemaNode, path: string, indent: string, writing: Writing): string => {
  const each = (item: SchemaNode) => closed(item, typeText(item, below(path, '*'), indent, writing))
  if (node.prefixItems === undefined)
    return `readonly ${node.items === undefined ? 'unknown' : each(node.items)}[]`
  const rest = node.items === undefined ? [] : [`...${each(node.items)}[]`]
  return `readonly [${[...node.prefixItems.map(each), ...rest].join(', ')}]`
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

/**
 * A TypeScript type for what a schema takes, objects over several lines.
 *
 * @param path - of the place in the event's data, for the comments; empty at the root.
 * @param indent - blanks before the line that the type begins on.
 */
export const typeText = (node: SchemaNode, path: string, indent: string, writing: Writing): string => {
  const of = (one: SchemaNode) => typeText(one, path, indent, writing)
  if (node.$ref !== undefined) return referred(node.$ref, writing)
  if (node.const !== undefined) return literal(node.const)
  if (node.enum !== undefined) return union(node.enum.map(literal))
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
  if (options.length > 0) return union(options.map(of))
  if (node.allOf !== undefined) return node.allOf.map((one) => closed(one, of(one))).join(' & ')
  if (typeof node.type === 'object') return union(node.type.map((type) => of({ ...node, type })))
  if (node.type === 'array') return listText(node, path, indent, writing)
  if (node.type === 'object') return objectText(node, path, indent, writing)
  return PLAIN[node.type ?? ''] ?? 'unknown'
}
