import { admits } from './admits.ts'
import type { Place, RawNode } from './place.ts'
import type { Bound, ListShape, NumberShape, ObjectShape, Shape, TextShape } from './shape.ts'

/** Each once, in the order in which they come. */
export const joined = <T>(...lists: readonly (readonly T[])[]): readonly T[] => [...new Set(lists.flat())]

const met = new WeakMap<RawNode, WeakMap<RawNode, RawNode>>()

/** What takes what both take. The same pair gives the same schema, so that recursion through it ends. */
const meetPlaces = (a: Place, b: Place): Place => {
  if (typeof a.node === 'boolean') return a.node ? b : a
  if (typeof b.node === 'boolean') return b.node ? a : b
  if (a.node === b.node) return a
  const known = met.get(a.node) ?? new WeakMap<RawNode, RawNode>()
  met.set(a.node, known)
  const node = known.get(b.node) ?? { allOf: [a.node, b.node] }
  known.set(b.node, node)
  return { root: a.root, node }
}

const higher = (a: Bound, b: Bound): Bound => (a.at > b.at || (a.at === b.at && a.isOpen) ? a : b)
const lower = (a: Bound, b: Bound): Bound => (a.at < b.at || (a.at === b.at && a.isOpen) ? a : b)

const wholeLeast = ({ at, isOpen }: Bound): Bound =>
  Number.isFinite(at) ? { at: isOpen ? Math.floor(at) + 1 : Math.ceil(at), isOpen: false } : { at, isOpen }

const wholeMost = ({ at, isOpen }: Bound): Bound =>
  Number.isFinite(at) ? { at: isOpen ? Math.ceil(at) - 1 : Math.floor(at), isOpen: false } : { at, isOpen }

/** Ends that are taken themselves, where only whole numbers are. */
export const tightened = (shape: NumberShape): NumberShape =>
  shape.isWhole ? { ...shape, least: wholeLeast(shape.least), most: wholeMost(shape.most) } : shape

/** Listed values that the other constraints allow; undefined where neither lists any. */
const listed = <T>(a: Shape & { readonly values: readonly T[] | undefined }, b: typeof a) => {
  if (a.values === undefined && b.values === undefined) return undefined
  const isTaken = (shape: Shape, value: T) =>
    shape.kind === 'number' || shape.kind === 'text' ? admits(shape, value) !== false : false
  return joined(a.values ?? [], b.values ?? []).filter((value) => isTaken(a, value) && isTaken(b, value))
}

const meetNumbers = (a: NumberShape, b: NumberShape): NumberShape =>
  tightened({
    kind: 'number',
    values: listed(a, b),
    isWhole: a.isWhole || b.isWhole,
    least: higher(a.least, b.least),
    most: lower(a.most, b.most),
    steps: joined(a.steps, b.steps),
    rules: joined(a.rules, b.rules),
  })

const meetTexts = (a: TextShape, b: TextShape): TextShape => ({
  kind: 'text',
  values: listed(a, b),
  fewest: Math.max(a.fewest, b.fewest),
  most: Math.min(a.most, b.most),
  patterns: joined(a.patterns, b.patterns),
  formats: joined(a.formats, b.formats),
  rules: joined(a.rules, b.rules),
})

const meetLists = (a: ListShape, b: ListShape): ListShape => ({
  kind: 'list',
  first: Array.from({ length: Math.max(a.first.length, b.first.length) }, (_, nth) =>
    meetPlaces(a.first[nth] ?? a.rest, b.first[nth] ?? b.rest),
  ),
  rest: meetPlaces(a.rest, b.rest),
  fewest: Math.max(a.fewest, b.fewest),
  most: Math.min(a.most, b.most),
  rules: joined(a.rules, b.rules),
})

const meetObjects = (a: ObjectShape, b: ObjectShape): ObjectShape => ({
  kind: 'object',
  fields: new Map(
    joined([...a.fields.keys()], [...b.fields.keys()]).map((name) => [
      name,
      meetPlaces(a.fields.get(name) ?? a.others, b.fields.get(name) ?? b.others),
    ]),
  ),
  required: a.required.union(b.required),
  others: meetPlaces(a.others, b.others),
  names: joined(a.names, b.names),
  rules: joined(a.rules, b.rules),
})

const meetTwo = (a: Shape, b: Shape): Shape | undefined => {
  const rules = joined(a.rules, b.rules)
  if (a.kind === 'null' && b.kind === 'null') return { kind: 'null', rules }
  if (a.kind === 'boolean' && b.kind === 'boolean')
    return { kind: 'boolean', values: a.values.filter((value) => b.values.includes(value)), rules }
  if (a.kind === 'number' && b.kind === 'number') return meetNumbers(a, b)
  if (a.kind === 'text' && b.kind === 'text') return meetTexts(a, b)
  if (a.kind === 'list' && b.kind === 'list') return meetLists(a, b)
  if (a.kind === 'object' && b.kind === 'object') return meetObjects(a, b)
  return undefined
}

/** Shapes that take what both lists of alternatives take. */
export const meet = (some: readonly Shape[], others: readonly Shape[]): readonly Shape[] =>
  some.flatMap((a) =>
    others.flatMap((b) => {
      const both = meetTwo(a, b)
      return both === undefined ? [] : [both]
    }),
  )
