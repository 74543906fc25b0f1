import fc from 'fast-check'

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : [])
const numberOf = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)

/** Words of schemas near which values are worth trying. */
export type Hints = {
  readonly numbers: readonly number[]
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

const namesIn = ({ properties, propertyNames: names }: Node): readonly string[] => [
  ...Object.keys(isNode(properties) ? properties : {}),
  ...(isNode(names) && Array.isArray(names['enum']) ? names['enum'].map(String) : []),
]

const scan = (
  value: unknown,
  found: { numbers: Set<number>; texts: Set<string>; names: Set<string> },
): void => {
  if (typeof value === 'number' && Math.abs(value) < 100) found.numbers.add(value)
  if (typeof value === 'string' && value.length < 3) found.texts.add(value)
  if (isNode(value)) for (const name of namesIn(value)) found.names.add(name)
  const parts = Array.isArray(value) ? value : isNode(value) ? Object.values(value) : []
  for (const one of parts) scan(one, found)
}

/** Everything in some schemas that a value may be right or wrong by. */
export const hintsOf = (...schemas: readonly Node[]): Hints => {
  const found = { numbers: new Set([0, 1]), texts: new Set<string>(), names: new Set(['other']) }
  for (const schema of schemas) scan(schema, found)
  return {
    numbers: [...found.numbers].toSorted((a, b) => a - b),
    texts: [...found.texts],
    names: [...found.names],
  }
}

const edgeTexts = (node: Node, { numbers, texts }: Hints): readonly string[] => {
  const lengths = [0, 1, 2, ...numbers.flatMap((length) => [length, length + 1])].filter(
    (length) => Number.isInteger(length) && length >= 0,
  )
  const made = ['a', 'b', 'A', '1'].flatMap((letter) => lengths.map((length) => letter.repeat(length)))
  return [...new Set([...texts, ...made, 'a1', 'ab1', '-a'])].filter(
    (text) =>
      text.length >= numberOf(node['minLength'], 0) &&
      text.length <= numberOf(node['maxLength'], Infinity) &&
      (typeof node['pattern'] !== 'string' || new RegExp(node['pattern']).test(text)),
  )
}

/** Multiples of a step that no other small step has. */
const MULTIPLES = [-15, -5, -3, -1, 1, 3, 5, 15]

const edgeNumbers = (node: Node, { numbers }: Hints): readonly number[] => {
  const step = numberOf(node['multipleOf'], 1)
  const near = numbers.flatMap((at) => [at - 1, at - 0.5, at, at + 0.5, at + 1, at + 0.25])
  const all = [-(2 ** 60), ...near, ...MULTIPLES.map((times) => times * step), 1000, 2 ** 60]
  return [...new Set(all)].filter(
    (value) =>
      value >= numberOf(node['minimum'], -Infinity) &&
      value <= numberOf(node['maximum'], Infinity) &&
      value > numberOf(node['exclusiveMinimum'], -Infinity) &&
      (node['type'] !== 'integer' || Number.isInteger(value)) &&
      (typeof node['multipleOf'] !== 'number' || Number.isInteger(value / step)),
  )
}

const edgeLists = (node: Node, hints: Hints): readonly unknown[] => {
  const first = nodesOf(node['prefixItems']).map((item) => edgeValues(item, hints))
  const rest = node['items'] === false ? [] : edgeValues(isNode(node['items']) ? node['items'] : {}, hints)
  const [fewest, most] = [numberOf(node['minItems'], 0), numberOf(node['maxItems'], 6)]
  const ofLength = (length: number) =>
    Array.from({ length }, (_, nth) => (nth < first.length ? first[nth] : rest)?.[0])
  const lengths = [0, 1, 2, 3, 4, 5, 6, ...hints.numbers].filter(
    (length) => Number.isInteger(length) && length >= fewest && length <= most && length <= 6,
  )
  return lengths
    .map(ofLength)
    .flatMap((list) => [
      list,
      ...list.flatMap((_, nth) => (first[nth] ?? rest).map((value) => list.with(nth, value))),
    ])
}

const edgeObjects = (node: Node, hints: Hints): readonly unknown[] => {
  const properties = Object.entries(isNode(node['properties']) ? node['properties'] : {})
  const required = Array.isArray(node['required']) ? node['required'] : []
  const names = isNode(node['propertyNames']) ? node['propertyNames'] : {}
  const { additionalProperties: others } = node
  const free = Array.isArray(names['enum']) ? names['enum'].map(String) : hints.names
  const extra = others === false ? [] : free.filter((name) => !properties.some(([known]) => known === name))
  const fields = [
    ...properties.map(([name, of]) => ({
      name,
      values: edgeValues(isNode(of) ? of : {}, hints),
      isExtra: false,
    })),
    ...extra.map((name) => ({
      name,
      values: edgeValues(isNode(others) ? others : {}, hints),
      isExtra: true,
    })),
  ].filter(({ values }) => values.length > 0)
  const of = (kept: typeof fields) => Object.fromEntries(kept.map(({ name, values }) => [name, values[0]]))
  const least = of(fields.filter(({ name }) => required.includes(name)))
  const full = of(fields.filter(({ isExtra }) => !isExtra))
  return [
    least,
    full,
    ...fields.flatMap(({ name, values }) => {
      const { [name]: _left, ...without } = full
      return [
        ...(required.includes(name) ? [] : [without]),
        ...values.map((value) => ({ ...least, [name]: value })),
      ]
    }),
  ]
}

const typesOf = ({ type }: Node): readonly unknown[] =>
  type === undefined ? ['null', 'boolean', 'number', 'string', 'array', 'object'] : [type].flat()

const deepEnough = (node: Node) => Object.keys(node).length === 0

/** Values of a schema at all its edges, one at a time: what a change refuses is among them. */
export const edgeValues = (node: Node, hints: Hints): readonly unknown[] => {
  if ('not' in node) return []
  if ('const' in node) return [node['const']]
  if (Array.isArray(node['enum'])) return node['enum']
  const branches = [...nodesOf(node['anyOf']), ...nodesOf(node['oneOf'])]
  if (branches.length > 0) return branches.flatMap((branch) => edgeValues(branch, hints))
  if (deepEnough(node))
    return ['r', '', 'abcde', 0, 1, 2, 0.5, -1, 7, true, false, null, [], ['x'], {}, { a: 1 }, { a: 'x' }]
  return typesOf(node).flatMap((type): readonly unknown[] => {
    if (type === 'null') return [null]
    if (type === 'boolean') return [true, false]
    if (type === 'string') return edgeTexts(node, hints)
    if (type === 'array') return edgeLists(node, hints)
    return type === 'object' ? edgeObjects(node, hints) : edgeNumbers(node, hints)
  })
}

const anyOf = (node: Node, hints: Hints): fc.Arbitrary<unknown> => {
  const values = edgeValues(node, hints)
  return values.length === 0 ? fc.constant(undefined) : fc.constantFrom(...values)
}

const arbitraryObject = (node: Node, hints: Hints): fc.Arbitrary<unknown> => {
  const properties = Object.entries(isNode(node['properties']) ? node['properties'] : {})
  const required = Array.isArray(node['required']) ? node['required'].map(String) : []
  const { additionalProperties: others } = node
  const listed = fc.record(
    Object.fromEntries(properties.map(([name, of]) => [name, arbitraryOf(isNode(of) ? of : {}, hints)])),
    { requiredKeys: required.filter((name) => properties.some(([known]) => known === name)) },
  )
  if (others === false) return listed
  const names =
    isNode(node['propertyNames']) && Array.isArray(node['propertyNames']['enum'])
      ? node['propertyNames']['enum'].map(String)
      : hints.names
  const more = fc.dictionary(fc.constantFrom(...names), arbitraryOf(isNode(others) ? others : {}, hints), {
    maxKeys: 2,
  })
  return fc.tuple(more, listed).map(([extra, own]) => ({ ...extra, ...own }))
}

/** Values of a schema at random, several edges at once. Few may be wrong: check them. */
export const arbitraryOf = (node: Node, hints: Hints): fc.Arbitrary<unknown> => {
  const branches = [...nodesOf(node['anyOf']), ...nodesOf(node['oneOf'])]
  if (branches.length > 0) return fc.oneof(...branches.map((branch) => arbitraryOf(branch, hints)))
  if (node['type'] === 'object') return arbitraryObject(node, hints)
  if (node['type'] !== 'array') return anyOf(node, hints)
  const first = nodesOf(node['prefixItems']).map((item) => arbitraryOf(item, hints))
  const rest = isNode(node['items']) ? node['items'] : {}
  const fewest = Math.max(0, numberOf(node['minItems'], 0) - first.length)
  const most =
    node['items'] === false ? 0 : Math.max(fewest, Math.min(4, numberOf(node['maxItems'], 4) - first.length))
  return fc
    .tuple(fc.tuple(...first), fc.array(arbitraryOf(rest, hints), { minLength: fewest, maxLength: most }))
    .map(([items, others]) => [...items, ...others])
}
