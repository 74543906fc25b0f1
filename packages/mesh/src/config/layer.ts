const isSection = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const layerList = (
  below: readonly unknown[],
  above: Readonly<Record<PropertyKey, unknown>>,
): readonly unknown[] =>
  below.map((item, index) => (Object.hasOwn(above, index) ? layer(item, above[index]) : item))

/**
 * Lays one tree of settings over another: sections are merged, everything else is replaced. What is undefined above
 * shows what is below. A section over a list replaces the items that it names by number.
 */
export const layer = (below: unknown, above: unknown): unknown => {
  if (above === undefined) return below
  if (!isSection(above)) return above
  if (Array.isArray(below)) return layerList(below, above)
  if (!isSection(below)) return above
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((name) => [
      name,
      layer(
        Object.hasOwn(below, name) ? below[name] : undefined,
        Object.hasOwn(above, name) ? above[name] : undefined,
      ),
    ]),
  )
}
