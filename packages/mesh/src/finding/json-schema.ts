import { z } from 'zod'

/** The part of JSON Schema 2020-12 that zod writes and that the configuration uses. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  /** True on a setting that must not stand in the file; from zod's `.meta({ secret: true })`. */
  readonly secret?: boolean
}

/** JSON Schema of what may be written for a zod schema: defaults may be left out. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchema

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(alternatives),
]

const child = (schema: JsonSchema, step: PropertyKey): readonly JsonSchema[] => {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items]
  const named = Object.entries(schema.properties ?? {}).find(([name]) => name === step)?.[1]
  if (named !== undefined) return [named]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

/** Every schema that may describe the value at a path: several where there are alternatives, none where nothing may stand. */
export const schemasAt = (schema: JsonSchema, path: readonly PropertyKey[]): readonly JsonSchema[] =>
  path.reduce<readonly JsonSchema[]>(
    (found, step) => found.flatMap((one) => child(one, step)).flatMap(alternatives),
    alternatives(schema),
  )

/** The keys that may stand in the section at a path. */
export const keysAt = (schema: JsonSchema, path: readonly PropertyKey[]): readonly string[] => [
  ...new Set(schemasAt(schema, path).flatMap((one) => Object.keys(one.properties ?? {}))),
]

/** Dotted paths of every named setting, sections included. */
export const pathsOf = (schema: JsonSchema, at: readonly string[] = []): readonly string[] =>
  alternatives(schema).flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([name, below]) => [
      [...at, name].join('.'),
      ...pathsOf(below, [...at, name]),
    ]),
  )

const bounded = (schema: JsonSchema): string => {
  const least = schema.exclusiveMinimum ?? schema.minimum
  const most = schema.exclusiveMaximum ?? schema.maximum
  const low =
    least === undefined || least <= Number.MIN_SAFE_INTEGER
      ? undefined
      : `${schema.exclusiveMinimum === undefined ? '' : 'above '}${least}`
  const high =
    most === undefined || most >= Number.MAX_SAFE_INTEGER
      ? undefined
      : `${schema.exclusiveMaximum === undefined ? '' : 'below '}${most}`
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}`
  if (low !== undefined) return schema.exclusiveMinimum === undefined ? `, ${low} or more` : `, ${low}`
  return high === undefined ? '' : `, at most ${high}`
}

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'a URL',
  email: 'an e-mail address',
  'date-time': 'a date and time',
  uuid: 'a UUID',
}

const stringOf = (schema: JsonSchema): string =>
  FORMATS[schema.format ?? ''] ??
  (schema.minLength === undefined || schema.minLength < 2
    ? 'text'
    : `text of ${schema.minLength} characters or more`)

const WORDS: Readonly<Record<string, (schema: JsonSchema) => string>> = {
  integer: (schema) => `a whole number${bounded(schema)}`,
  number: (schema) => `a number${bounded(schema)}`,
  boolean: () => '`true` or `false`',
  array: ({ items, minItems = 0 }) =>
    `a list${minItems > 0 ? ` (${minItems} or more)` : ''}${items === undefined ? '' : ` of: ${describeType(items)}`}`,
  object: ({ required = [] }) =>
    required.length === 0 ? 'a section' : `a section with ${required.join(', ')}`,
  null: () => '`null`',
  string: stringOf,
}

const quoted = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

/** Says in words what may be written: `a whole number, 1 to 1000`. */
export const describeType = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return quoted(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(quoted).join(', ')
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (options.length > 0) return [...new Set(options.map(describeType))].join(' or ')
  const { type } = schema
  if (typeof type === 'object')
    return [...new Set(type.map((one) => describeType({ ...schema, type: one })))].join(' or ')
  return WORDS[type ?? '']?.(schema) ?? 'any value'
}
