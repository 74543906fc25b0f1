import type { JsonSchema } from '../finding/json-schema.ts'

/** A reference to the environment, which may stand wherever a single value may. */
const REFERENCE: JsonSchema = { type: 'string', pattern: '\\$\\{' }

const RESTRICTIONS = ['const', 'enum', 'format', 'pattern', 'minLength', 'maxLength'] as const

const isSingle = ({ properties, items, anyOf, oneOf, allOf, type }: JsonSchema) =>
  properties === undefined &&
  items === undefined &&
  anyOf === undefined &&
  oneOf === undefined &&
  allOf === undefined &&
  type !== 'object' &&
  type !== 'array'

/** Whether an editor would complain about a reference here. */
const refusesReference = (schema: JsonSchema) =>
  isSingle(schema) && (schema.type !== 'string' || RESTRICTIONS.some((name) => schema[name] !== undefined))

const mapValues = <T>(values: Readonly<Record<string, T>>, change: (value: T) => T) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))

/** The schema as editors need it: `${NAME}` is allowed in place of numbers, truth values and restricted texts too. */
export const editorSchema = (schema: JsonSchema): JsonSchema => {
  if (refusesReference(schema)) {
    const { description, default: preset, secret, ...value } = schema
    return {
      ...(description !== undefined && { description }),
      ...(preset !== undefined && { default: preset }),
      ...(secret !== undefined && { secret }),
      anyOf: [value, REFERENCE],
    }
  }
  return {
    ...schema,
    ...(schema.properties && { properties: mapValues(schema.properties, editorSchema) }),
    ...(schema.items && { items: editorSchema(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(editorSchema) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(editorSchema) }),
  }
}
