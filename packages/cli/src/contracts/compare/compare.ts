import type { Change } from './change/change.ts'
import { changeAt } from './change/change.ts'
import { envelopeChanges } from './change/envelope-changes.ts'
import { walk } from './change/walk.ts'
import { relate } from './relate/relate.ts'
import type { RawNode } from './schema/place.ts'

const MAJOR = /^(.+)\.v(\d+)$/

/** How the next major version of a schema's event is called: `order.placed v2`. */
const nextMajor = ({ title }: RawNode): string => {
  const [, name, version] = MAJOR.exec(typeof title === 'string' ? title : '') ?? []
  return name === undefined ? 'a new major version' : `${name} v${Number(version) + 1}`
}

/**
 * Compares two JSON Schemas (2020-12, as contracts are published) of the same event version.
 *
 * Each change says whether readers of the old schema take all that the new one writes, and whether readers of the new one take
 * all that the old one wrote. An `error` is a change after which new readers refuse old events, or may; or one that moves the
 * record key. Rules that JSON Schema can't express (`x-rules`) are compared by their words, and thought to hide nothing else.
 *
 * @returns every change, in the order of the fields; none where both take the same.
 */
export const compare = (old: object, next: object): readonly Change[] => {
  const [before, after] = [old as RawNode, next as RawNode]
  const spot = { path: [], where: '', major: nextMajor(after) }
  const [from, to] = [
    { root: before, node: before },
    { root: after, node: after },
  ]
  const changes = walk(from, to, spot)
  const relations = { newReaders: relate(from, to), oldReaders: relate(to, from) }
  const isTold = (side: 'newReaders' | 'oldReaders') =>
    relations[side] === 'inside' || changes.some((change) => change[side] !== 'yes')
  // What no single change tells must not pass for nothing.
  const untold =
    isTold('newReaders') && isTold('oldReaders')
      ? []
      : [
          changeAt(spot, {
            kind: 'other',
            what: 'is described in another way',
            relations,
            advice: 'Describe it as before',
          }),
        ]
  return [...changes, ...untold, ...envelopeChanges(before, after, spot.major)]
}

/** Whether nothing among the changes keeps an old event from a new reader. */
export const isCompatible = (changes: readonly Change[]): boolean =>
  changes.every(({ severity }) => severity !== 'error')
