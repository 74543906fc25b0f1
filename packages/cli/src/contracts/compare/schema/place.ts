/** A JSON Schema as it stands in a file; any keyword may be there. */
export type RawNode = Readonly<Record<string, unknown>>

/** A schema, and the document that its references lead into. `true` takes anything, `false` nothing. */
export type Place = { readonly root: RawNode; readonly node: RawNode | boolean }

/** Whether a value is a JSON object. */
export const isNode = (value: unknown): value is RawNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A schema within the document of another; what is no schema takes anything. */
export const placeIn = ({ root }: Place, value: unknown): Place => ({
  root,
  node: isNode(value) || typeof value === 'boolean' ? value : true,
})

/** Schemas in a list keyword such as `anyOf`, within the document of another. */
export const placesIn = (place: Place, value: unknown): readonly Place[] =>
  Array.isArray(value) ? value.map((one) => placeIn(place, one)) : []

/** Where a reference leads: `#`, `#/$defs/Name` or any pointer of that form; undefined where nothing is. */
export const targetOf = (place: Place, reference: string): Place | undefined => {
  const target = reference
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isNode(at) && Object.hasOwn(at, part) ? at[part] : undefined), place.root)
  return target === undefined ? undefined : placeIn(place, target)
}

/** Where a schema that is nothing but a reference leads in the end, so that what is the same is known to be the same. */
export const landed = (place: Place, hops = 16): Place => {
  const { node } = place
  if (!isNode(node) || hops === 0 || Object.keys(node).length !== 1) return place
  const target = typeof node['$ref'] === 'string' ? targetOf(place, node['$ref']) : undefined
  return target === undefined ? place : landed(target, hops - 1)
}
