import { admits } from './admits.ts'
import { rulesOf, valuesOf } from './keywords.ts'
import { joined, meet } from './meet.ts'
import { ownShapes } from './own-shapes.ts'
import { isNode, placeIn, placesIn, targetOf } from './place.ts'
import type { Place, RawNode } from './place.ts'
import { anything, isScalar } from './shape.ts'
import type { ObjectShape, Shape } from './shape.ts'

const shapesOfAll = (places: readonly Place[]): readonly Shape[] => places.flatMap((one) => shapesOf(one))

const listedIn = (place: Place | undefined): readonly unknown[] | undefined =>
  isNode(place?.node) ? valuesOf(place.node) : undefined

/**
 * The field that tells two alternatives apart: both need it, and list its values, with none in common. Undefined where there
 * is none.
 */
export const discriminatorOf = (a: ObjectShape, b: ObjectShape): string | undefined =>
  [...a.required.intersection(b.required)].find((name) => {
    const [some, others] = [listedIn(a.fields.get(name)), listedIn(b.fields.get(name))]
    return some !== undefined && others !== undefined && !some.some((value) => others.includes(value))
  })

const areApart = (a: Shape, b: Shape): boolean => {
  if (a.kind !== b.kind) return true
  if (a.kind === 'object' && b.kind === 'object') return discriminatorOf(a, b) !== undefined
  if (!isScalar(b) || (a.kind !== 'text' && a.kind !== 'number' && a.kind !== 'boolean')) return false
  return a.values?.every((value) => admits(b, value) === false) ?? false
}

/** `oneOf` takes what exactly one takes; where no two can take the same, that is what any of them takes. */
const exactlyOne = (place: Place, value: unknown): readonly Shape[] => {
  const branches = placesIn(place, value).map((one) => shapesOf(one))
  const areAllApart = branches.every((branch, nth) =>
    branches.slice(nth + 1).every((other) => branch.every((a) => other.every((b) => areApart(a, b)))),
  )
  const rule = areAllApart ? [] : [`takes exactly one of ${JSON.stringify(value)}`]
  return branches.flat().map((shape) => ({ ...shape, rules: [...shape.rules, ...rule] }))
}

const sameRules = (a: Shape, b: Shape) =>
  a.rules.length === b.rules.length && a.rules.every((rule) => b.rules.includes(rule))

/** Two shapes of listed values as one: `a` or `b` written as alternatives is the same as written as a list. */
const merge = (a: Shape, b: Shape): Shape | undefined => {
  if (!sameRules(a, b)) return undefined
  if (a.kind === 'null' && b.kind === 'null') return a
  if (a.kind === 'boolean' && b.kind === 'boolean') return { ...a, values: joined(a.values, b.values) }
  if (a.kind === 'text' && b.kind === 'text' && a.values !== undefined && b.values !== undefined)
    return { ...a, values: joined(a.values, b.values) }
  if (a.kind === 'number' && b.kind === 'number' && a.values !== undefined && b.values !== undefined)
    return { ...a, values: joined(a.values, b.values) }
  return undefined
}

const tidied = (shapes: readonly Shape[]): readonly Shape[] =>
  shapes.reduce<readonly Shape[]>((kept, shape) => {
    const nth = kept.findIndex((other) => merge(other, shape) !== undefined)
    const found = kept[nth]
    const merged = found && merge(found, shape)
    return merged === undefined ? [...kept, shape] : kept.with(nth, merged)
  }, [])

const hasNot = (node: RawNode): boolean =>
  'not' in node && (node['not'] === true || (isNode(node['not']) && Object.keys(node['not']).length === 0))

const MOST_NAMES = 100

/** A record of listed names is an object of these fields, and no others. */
const withListedNames = (shape: Shape): Shape => {
  if (shape.kind !== 'object' || shape.names.length === 0) return shape
  const [names, ...more] = shape.names
    .flatMap((place) => shapesOf(place))
    .filter(({ kind }) => kind === 'text')
  if (names?.kind !== 'text' || more.length > 0 || names.values === undefined) return shape
  if (names.values.length > MOST_NAMES || names.rules.length > 0) return shape
  const fields = names.values.map((name) => [name, shape.fields.get(name) ?? shape.others] as const)
  return { ...shape, fields: new Map(fields), others: { ...shape.others, node: false }, names: [] }
}

const read = (place: Place, node: RawNode): readonly Shape[] => {
  if (hasNot(node)) return []
  const { $ref: reference, anyOf } = node
  const target = typeof reference === 'string' ? targetOf(place, reference) : undefined
  const parts = [
    ...(target === undefined ? [] : [shapesOf(target)]),
    ...placesIn(place, node['allOf']).map((one) => shapesOf(one)),
    ...(anyOf === undefined ? [] : [shapesOfAll(placesIn(place, anyOf))]),
    ...(node['oneOf'] === undefined ? [] : [exactlyOne(place, node['oneOf'])]),
  ]
  const rules = [
    ...rulesOf(node),
    ...(typeof reference === 'string' && target === undefined ? [`reference ${reference}`] : []),
  ]
  const shapes = parts.reduce(meet, ownShapes(place, node))
  return tidied(shapes.map((shape) => ({ ...shape, rules: joined(shape.rules, rules) }))).map(withListedNames)
}

const known = new WeakMap<RawNode, readonly Shape[]>()
const NONE: readonly Shape[] = []

/**
 * What a schema takes, as alternatives of one JSON type each; what is inside of lists and objects is read when it is asked
 * for. No alternative: nothing is taken.
 */
export const shapesOf = (place: Place): readonly Shape[] => {
  const { node } = place
  if (typeof node === 'boolean') return node ? anything(place) : NONE
  const found = known.get(node)
  if (found !== undefined) return found
  // A schema that is nothing but a reference to itself takes nothing.
  known.set(node, NONE)
  const shapes = read(place, node)
  known.set(node, shapes)
  return shapes
}

/** A field's schema, listed or not; one that takes nothing where the object may not have it. */
export const fieldOf = (shape: ObjectShape, name: string): Place => {
  const isNamed = shape.names.every((place) =>
    shapesOf(place).some((one) => one.kind === 'text' && admits(one, name) !== false),
  )
  return isNamed ? (shape.fields.get(name) ?? shape.others) : placeIn(shape.others, false)
}
