import type { RawNode } from './place.ts'

/** Keywords that the comparison understands. */
const UNDERSTOOD = [
  'type',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  '$ref',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
]

/** Keywords that say nothing about which values are taken. */
const ANNOTATIONS = [
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
]

const LEFT_OUT: ReadonlySet<string> = new Set([...UNDERSTOOD, ...ANNOTATIONS])

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** A list of texts from a keyword, empty where there is none. */
export const textsOf = (value: unknown): readonly string[] => (isTexts(value) ? value : [])

/** Rules of a schema that can't be looked into: `x-rules` as they are told, and keywords that the comparison doesn't understand. */
export const rulesOf = (node: RawNode): readonly string[] => [
  ...textsOf(node['x-rules']),
  ...Object.keys(node)
    .filter((keyword) => !LEFT_OUT.has(keyword) && !keyword.startsWith('x-'))
    .map((keyword) => `${keyword} ${JSON.stringify(node[keyword])}`),
]

/** The values that a schema lists by `const` or `enum`; undefined where it lists none. */
export const valuesOf = (node: RawNode): readonly unknown[] | undefined =>
  'const' in node ? [node['const']] : Array.isArray(node['enum']) ? node['enum'] : undefined
