/**
 * The part of JSON Schema 2020-12 that contracts are published in, with our own keywords: `x-rules` at any place, `x-owner`,
 * `x-key` and `x-personal` at the root.
 */
export type SchemaNode = {
  readonly $schema?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, SchemaNode>>
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | SchemaNode
  readonly propertyNames?: SchemaNode
  readonly items?: SchemaNode
  readonly prefixItems?: readonly SchemaNode[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly allOf?: readonly SchemaNode[]
  /** Rules that JSON Schema can't express, as they are told to whoever breaks them. */
  readonly 'x-rules'?: readonly string[]
  /** The service that may emit the event. */
  readonly 'x-owner'?: string
  /** Dotted paths of the fields that the record key is made of. */
  readonly 'x-key'?: readonly string[]
  /** Dotted paths of personal fields. */
  readonly 'x-personal'?: readonly string[]
}
