import { type EventContract, jsonSchemaOf, type SchemaNode } from '@commerce-mesh/contracts'

/** Where a contract's schema stands in the document. */
export const schemaPointer = ({ type }: EventContract): string => `#/components/schemas/${type}`

const withReferences = (value: unknown, lead: (ref: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, lead))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string' ? lead(inner) : withReferences(inner, lead),
    ]),
  )
}

/** A contract's published schema as a part of a larger document: its references lead to where it stands there. */
export const embeddedSchema = (contract: EventContract): SchemaNode => {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(contract)
  const home = schemaPointer(contract)
  return withReferences(schema, (ref) => ref.replace('#', home)) as SchemaNode
}
