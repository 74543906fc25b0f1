import { textsOf, valuesOf } from './keywords.ts'
import { joined, meet, tightened } from './meet.ts'
import { isNode, placeIn, placesIn } from './place.ts'
import type { Place, RawNode } from './place.ts'
import { anything } from './shape.ts'
import type { Bound, ListShape, NumberShape, ObjectShape, Shape, TextShape } from './shape.ts'

const numberOf = (node: RawNode, keyword: string): number | undefined => {
  const value = node[keyword]
  return typeof value === 'number' ? value : undefined
}

/** The narrower of an inclusive and an exclusive end, where both are given. */
const endOf = (inclusive: number | undefined, exclusive: number | undefined, isLeast: boolean): Bound => {
  const side = isLeast ? -1 : 1
  const closed = inclusive ?? side * Infinity
  const open = exclusive ?? side * Infinity
  const isOpen = isLeast ? open >= closed : open <= closed
  return { at: isOpen ? open : closed, isOpen }
}

const numberShape = (node: RawNode, isWhole: boolean): NumberShape => {
  const step = numberOf(node, 'multipleOf')
  return tightened({
    kind: 'number',
    values: undefined,
    isWhole,
    least: endOf(numberOf(node, 'minimum'), numberOf(node, 'exclusiveMinimum'), true),
    most: endOf(numberOf(node, 'maximum'), numberOf(node, 'exclusiveMaximum'), false),
    steps: step === undefined ? [] : [step],
    rules: [],
  })
}

const textShape = (node: RawNode): TextShape => {
  const { pattern, format } = node
  return {
    kind: 'text',
    values: undefined,
    fewest: numberOf(node, 'minLength') ?? 0,
    most: numberOf(node, 'maxLength') ?? Infinity,
    patterns: typeof pattern === 'string' ? [pattern] : [],
    // A format that stands with a pattern is told by it: zod writes its own check there.
    formats:
      typeof format === 'string' && pattern === undefined && node['allOf'] === undefined ? [format] : [],
    rules: [],
  }
}

const listShape = (place: Place, node: RawNode): ListShape => ({
  kind: 'list',
  first: placesIn(place, node['prefixItems']),
  rest: placeIn(place, node['items']),
  fewest: numberOf(node, 'minItems') ?? 0,
  most: numberOf(node, 'maxItems') ?? Infinity,
  rules: [],
})

const objectShape = (place: Place, node: RawNode): ObjectShape => {
  const { properties, propertyNames } = node
  return {
    kind: 'object',
    fields: new Map(
      Object.entries(isNode(properties) ? properties : {}).map(([name, value]) => [
        name,
        placeIn(place, value),
      ]),
    ),
    required: new Set(textsOf(node['required'])),
    others: placeIn(place, node['additionalProperties']),
    names: propertyNames === undefined ? [] : [placeIn(place, propertyNames)],
    rules: [],
  }
}

const SHAPES: Readonly<Record<string, (place: Place, node: RawNode) => Shape>> = {
  null: () => ({ kind: 'null', rules: [] }),
  boolean: () => ({ kind: 'boolean', values: [false, true], rules: [] }),
  number: (_, node) => numberShape(node, false),
  integer: (_, node) => numberShape(node, true),
  string: (_, node) => textShape(node),
  array: listShape,
  object: objectShape,
}

const typesOf = ({ type }: RawNode): readonly string[] =>
  type === undefined
    ? ['null', 'boolean', 'number', 'string', 'array', 'object']
    : typeof type === 'string'
      ? [type]
      : textsOf(type)

/** Shapes of listed values. Lists and objects among them are known by their text alone. */
const listedShapes = (place: Place, values: readonly unknown[]): readonly Shape[] => {
  const numbers = values.filter((value) => typeof value === 'number')
  const texts = values.filter((value) => typeof value === 'string')
  const booleans = values.filter((value) => typeof value === 'boolean')
  const others = values.filter((value) => typeof value === 'object' && value !== null)
  const other = (value: unknown) => [`is ${JSON.stringify(value)}`]
  return anything(place).flatMap((shape): readonly Shape[] => {
    if (shape.kind === 'null') return values.includes(null) ? [shape] : []
    if (shape.kind === 'boolean') return booleans.length === 0 ? [] : [{ ...shape, values: joined(booleans) }]
    if (shape.kind === 'number') return numbers.length === 0 ? [] : [{ ...shape, values: joined(numbers) }]
    if (shape.kind === 'text') return texts.length === 0 ? [] : [{ ...shape, values: joined(texts) }]
    return others
      .filter((value) => Array.isArray(value) === (shape.kind === 'list'))
      .map((value) => ({ ...shape, rules: other(value) }))
  })
}

/** Shapes that a schema's own keywords give, references, alternatives and rules aside. */
export const ownShapes = (place: Place, node: RawNode): readonly Shape[] => {
  const typed = typesOf(node).flatMap((type) => {
    const make = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined
    return make === undefined ? [] : [make(place, node)]
  })
  const values = valuesOf(node)
  return values === undefined ? typed : meet(typed, listedShapes(place, values))
}
