import { alternativesOf, type SchemaNode } from '@commerce-mesh/contracts'
import { describeType } from '@commerce-mesh/mesh'

const TEXTS: Readonly<Record<string, string>> = {
  'date-time': 'an RFC 3339 date and time',
  email: 'an e-mail address',
  uri: 'a URL',
  uuid: 'a UUID',
}

/** `1 to 64 characters`; undefined where there are no limits. */
const extent = (least: number | undefined, most: number | undefined, unit: string): string | undefined => {
  const low = least === undefined || least === 0 ? undefined : least
  if (low === undefined && most === undefined) return undefined
  if (low === most) return `${most} ${unit}`
  if (most === undefined) return `${low} or more ${unit}`
  return low === undefined ? `at most ${most} ${unit}` : `${low} to ${most} ${unit}`
}

const textOf = ({ format, minLength, maxLength }: SchemaNode): string => {
  const kind = TEXTS[format ?? ''] ?? 'text'
  const length = extent(minLength, maxLength, 'characters')
  return length === undefined ? kind : kind === 'text' ? `text of ${length}` : `${kind}, ${length}`
}

const listOf = (root: SchemaNode, { items, prefixItems, minItems, maxItems }: SchemaNode): string => {
  if (prefixItems !== undefined) {
    const rest = items === undefined ? [] : [`any number of ${typeInWords(root, items)}`]
    return `a list: ${[...prefixItems.map((one) => typeInWords(root, one)), ...rest].join(', then ')}`
  }
  const isOfObjects = items !== undefined && alternativesOf(root, items).some(({ type }) => type === 'object')
  const unit = isOfObjects ? 'objects' : 'items'
  const many = extent(minItems, maxItems, unit)
  const each = isOfObjects || items === undefined ? '' : `, each ${typeInWords(root, items)}`
  return `a list of ${many ?? unit}${each}`
}

const objectOf = (root: SchemaNode, { properties, additionalProperties }: SchemaNode): string =>
  properties === undefined && typeof additionalProperties === 'object'
    ? `an object of any names, each ${typeInWords(root, additionalProperties)}`
    : 'an object'

/** Several types in words as one. */
export const anyOfThem = (types: readonly string[]): string => {
  const different = [...new Set(types)]
  return different.join(different.some((type) => type.includes(',')) ? ', or ' : ' or ')
}

/**
 * What may stand at a place of an event, for people: `text of 1 to 64 characters`. Words between backticks are values.
 *
 * @param root - the schema that `node` is part of: what its references lead to.
 */
export const typeInWords = (root: SchemaNode, node: SchemaNode): string => {
  const inner = alternativesOf(root, node).filter((one) => one !== node)
  if (inner.length > 0) {
    const plain = inner.filter(({ anyOf, oneOf, allOf, $ref }) => !(anyOf ?? oneOf ?? allOf ?? $ref))
    return anyOfThem(plain.map((one) => typeInWords(root, one)))
  }
  if (node.enum !== undefined || node.const !== undefined) return describeType(node)
  if (typeof node.type === 'object')
    return anyOfThem(node.type.map((type) => typeInWords(root, { ...node, type })))
  if (node.type === 'string') return textOf(node)
  if (node.type === 'array') return listOf(root, node)
  return node.type === 'object' ? objectOf(root, node) : describeType(node)
}
