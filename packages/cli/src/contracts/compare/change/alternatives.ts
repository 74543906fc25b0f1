import { relateShapes } from '../relate/relate.ts'
import { valuesOf } from '../schema/keywords.ts'
import { isNode } from '../schema/place.ts'
import { discriminatorOf } from '../schema/shapes-of.ts'
import type { ListShape, ObjectShape, Shape } from '../schema/shape.ts'
import { valuesText } from './words.ts'

type Structure = ListShape | ObjectShape

/** An alternative before, and what it is now. */
type Pair = { readonly old: Structure; readonly next: Structure }

const listed = (shape: ObjectShape, name: string): readonly unknown[] => {
  const node = shape.fields.get(name)?.node
  return (isNode(node) && valuesOf(node)) || []
}

/** What tells an alternative from its neighbours, in words: `kind is 'a'`; empty where nothing simple does. */
export const markOf = (shape: Structure, neighbours: readonly Structure[]): string => {
  if (shape.kind !== 'object') return ''
  const others = neighbours.filter((one) => one.kind === 'object' && one !== shape)
  const [name] = others.flatMap((other) =>
    other.kind === 'object' ? [discriminatorOf(shape, other) ?? []].flat() : [],
  )
  return name === undefined ? '' : `${name} is ${valuesText(listed(shape, name))}`
}

const isSame = (a: Shape, b: Shape) =>
  relateShapes([a], [b]) === 'inside' && relateShapes([b], [a]) === 'inside'

/** Pairs alternatives: those that stayed as they were, then those with the same mark, then one that is left with one that is left. */
export const pairedUp = (
  olds: readonly Structure[],
  nexts: readonly Structure[],
): {
  readonly pairs: readonly Pair[]
  readonly gone: readonly Structure[]
  readonly come: readonly Structure[]
} => {
  const tests: readonly ((old: Structure, next: Structure) => boolean)[] = [
    isSame,
    (old, next) => {
      const mark = markOf(old, olds)
      return mark !== '' && mark === markOf(next, nexts)
    },
  ]
  let pairs: readonly Pair[] = []
  const left = (all: readonly Structure[], side: (pair: Pair) => Structure) =>
    all.filter((one) => !pairs.some((pair) => side(pair) === one))
  for (const test of tests) {
    for (const old of left(olds, (pair) => pair.old)) {
      const next = left(nexts, (pair) => pair.next).find((one) => test(old, one))
      if (next !== undefined) pairs = [...pairs, { old, next }]
    }
  }
  const [gone, come] = [left(olds, (pair) => pair.old), left(nexts, (pair) => pair.next)]
  const [old, next] = [gone[0], come[0]]
  return gone.length === 1 && come.length === 1 && old !== undefined && next !== undefined
    ? { pairs: [...pairs, { old, next }], gone: [], come: [] }
    : { pairs, gone, come }
}

/** Whether no alternative could pass for another than the one it is paired with: only then does a change in a pair tell all. */
export const areSeparate = (
  pairs: readonly Pair[],
  olds: readonly Structure[],
  nexts: readonly Structure[],
): boolean =>
  pairs.every(({ old, next }) => {
    const isApart = (a: Structure, b: Structure) => relateShapes([a], [b]) === 'apart'
    return (
      nexts.every((other) => other === next || isApart(old, other)) &&
      olds.every((other) => other === old || isApart(next, other))
    )
  })
