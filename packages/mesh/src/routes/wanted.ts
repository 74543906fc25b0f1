import { type EventContract, type SchemaNode, jsonSchemaOf, schemasAt } from '@commerce-mesh/contracts'
import { describeType } from '../finding/json-schema.ts'
import type { Scalar } from './condition.ts'

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list: look at its items with `.*`',
  object: 'a section: look at a field of it',
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'a date and time, such as 2026-01-02T03:04:05Z',
  email: 'an e-mail address',
  uri: 'a URL',
  uuid: 'a UUID',
}

/** The JSON types of a schema: zod writes several into one where nothing else is said of any. */
export const kindsOf = ({ type }: SchemaNode): readonly string[] => (type === undefined ? [] : [type].flat())

const isOfKind = (node: SchemaNode, value: Scalar): boolean => {
  const kinds = kindsOf(node)
  if (value === null) return kinds.includes('null')
  return kinds.includes(typeof value) || (Number.isInteger(value) && kinds.includes('integer'))
}

const matches = (pattern: string, value: string): boolean => {
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

/** What a text of the right kind lacks. */
const textWanted = (
  { format, pattern, minLength = 0, maxLength = Infinity, 'x-rules': rules = [] }: SchemaNode,
  value: string,
): string => {
  if (pattern !== undefined && !matches(pattern, value))
    return `it is ${FORMATS[format ?? ''] ?? `text of the form ${pattern}`}`
  if (value.length < minLength) return `it has ${minLength} or more characters`
  if (value.length > maxLength) return `it has at most ${maxLength} characters`
  return rules.length > 0 ? `it ${rules.join(', and ')}` : `it is ${FORMATS[format ?? ''] ?? 'other text'}`
}

/** Single values that the contract lists for a field. */
export const optionsAt = (contract: EventContract, field: string): readonly unknown[] =>
  schemasAt(jsonSchemaOf(contract), field).flatMap(
    (node) => node.enum ?? (node.const === undefined ? [] : [node.const]),
  )

/**
 * What the contract lets stand at a field, in words: `it is one of captured, pending`.
 *
 * @param value - what was written instead, so that only what it lacks is told; left out: which kinds of values there are.
 */
export const wantedAt = (contract: EventContract, field: string, value?: Scalar): string => {
  const options = optionsAt(contract, field)
  if (options.length > 0) return `it is one of ${options.map(String).join(', ')}`
  const nodes = schemasAt(jsonSchemaOf(contract), field)
  const near = value === undefined ? undefined : nodes.find((node) => isOfKind(node, value))
  if (near !== undefined)
    return typeof value === 'string' ? textWanted(near, value) : `it is ${describeType(near)}`
  const kinds = nodes.flatMap(kindsOf).map((kind) => KINDS[kind] ?? kind)
  return `it is ${[...new Set(kinds)].join(' or ')}`
}
