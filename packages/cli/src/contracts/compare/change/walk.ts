import { liveShapes, relateShapes } from '../relate/relate.ts'
import { landed } from '../schema/place.ts'
import type { RawNode } from '../schema/place.ts'
import { isScalar } from '../schema/shape.ts'
import type { ListShape, ObjectShape, Shape } from '../schema/shape.ts'
import { areSeparate, markOf, pairedUp } from './alternatives.ts'
import { changeAt } from './change.ts'
import type { Change, Spot, Walk } from './change.ts'
import { listChanges } from './list-changes.ts'
import { objectChanges } from './object-changes.ts'
import { scalarChanges } from './scalar-changes.ts'
import { shapesText } from './words.ts'

type Structure = ListShape | ObjectShape

const KINDS = ['null', 'boolean', 'number', 'text', 'list', 'object'] as const

const TAKE_BACK = 'Take everything that was taken before'

const relationsOf = (old: readonly Shape[], next: readonly Shape[]) => ({
  newReaders: relateShapes(old, next),
  oldReaders: relateShapes(next, old),
})

/** Alternatives of a JSON type that all went, or all came. */
const kindChange = (old: readonly Shape[], next: readonly Shape[], spot: Spot): readonly Change[] => {
  if (old.length === 0 && next.length === 0) return []
  const what =
    next.length === 0
      ? `can no longer be ${shapesText(old)}`
      : old.length === 0
        ? `may also be ${shapesText(next)}`
        : `was ${shapesText(old)}, is now ${shapesText(next)}`
  return [
    changeAt(spot, {
      kind: 'alternative',
      what,
      relations: {
        newReaders: old.length === 0 ? 'inside' : 'beyond',
        oldReaders: next.length === 0 ? 'inside' : 'beyond',
      },
      advice: TAKE_BACK,
    }),
  ]
}

const alternativesText = (shapes: readonly Structure[], all: readonly Structure[]): string =>
  shapes.map((shape) => markOf(shape, all) || shapesText([shape])).join('; ')

const goneAndCome = (
  { gone, come }: { readonly gone: readonly Structure[]; readonly come: readonly Structure[] },
  olds: readonly Structure[],
  nexts: readonly Structure[],
  spot: Spot,
): readonly Change[] => [
  ...(gone.length === 0
    ? []
    : [
        changeAt(spot, {
          kind: 'alternative',
          what: `no longer has the alternative where ${alternativesText(gone, olds)}`,
          relations: { newReaders: relateShapes(gone, nexts), oldReaders: 'inside' },
          advice: 'Keep the alternative',
        }),
      ]),
  ...(come.length === 0
    ? []
    : [
        changeAt(spot, {
          kind: 'alternative',
          what: `has a new alternative where ${alternativesText(come, nexts)}`,
          relations: { newReaders: 'inside', oldReaders: relateShapes(come, olds) },
          advice: TAKE_BACK,
        }),
      ]),
]

const isSettled = ({ newReaders, oldReaders }: ReturnType<typeof relationsOf>) =>
  newReaders === 'inside' && oldReaders === 'inside'

const structureChanges = (
  olds: readonly Structure[],
  nexts: readonly Structure[],
  spot: Spot,
  walk: Walk,
): readonly Change[] => {
  const { pairs, gone, come } = pairedUp(olds, nexts)
  if (!areSeparate(pairs, olds, nexts)) {
    const relations = relationsOf(olds, nexts)
    const what = 'has other alternatives than before'
    return isSettled(relations)
      ? []
      : [changeAt(spot, { kind: 'alternative', what, relations, advice: TAKE_BACK })]
  }
  const inPairs = pairs.flatMap(({ old, next }) => {
    const mark = markOf(old, olds) || markOf(next, nexts)
    const inside = mark === '' ? spot : { ...spot, where: ` where ${mark}` }
    if (old.kind === 'list' && next.kind === 'list') return listChanges(old, next, inside, walk)
    return old.kind === 'object' && next.kind === 'object' ? objectChanges(old, next, inside, walk) : []
  })
  return [...inPairs, ...goneAndCome({ gone, come }, olds, nexts, spot)]
}

type Pairs = readonly (readonly [RawNode | boolean, RawNode | boolean])[]

const walkWithin =
  (open: Pairs): Walk =>
  (from, to, spot) => {
    const [old, next] = [landed(from), landed(to)]
    if (open.some(([a, b]) => a === old.node && b === next.node)) return []
    const walk = walkWithin([...open, [old.node, next.node]])
    const [olds, nexts] = [liveShapes(old), liveShapes(next)]
    const ofKind = (shapes: readonly Shape[], kind: string) => shapes.filter((shape) => shape.kind === kind)
    const shared = KINDS.filter((kind) => ofKind(olds, kind).length > 0 && ofKind(nexts, kind).length > 0)
    const unshared = (shapes: readonly Shape[]) => shapes.filter(({ kind }) => !shared.includes(kind))
    return [
      ...kindChange(unshared(olds), unshared(nexts), spot),
      ...shared.flatMap((kind) => {
        const [before, after] = [ofKind(olds, kind), ofKind(nexts, kind)]
        return kind === 'list' || kind === 'object'
          ? structureChanges(before.filter(isStructure), after.filter(isStructure), spot, walk)
          : scalarChanges(before.filter(isScalar), after.filter(isScalar), spot)
      }),
    ]
  }

const isStructure = (shape: Shape): shape is Structure => !isScalar(shape)

/** Lists what changed between two schemas; recursive ones end where they come back to themselves. */
export const walk: Walk = walkWithin([])
