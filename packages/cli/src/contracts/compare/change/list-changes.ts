import { itemOf, mostItems } from '../relate/lists.ts'
import { isEmpty } from '../relate/relate.ts'
import type { ListShape } from '../schema/shape.ts'
import { below, changeAt } from './change.ts'
import type { Change, Spot, Walk } from './change.ts'
import { ruleChanges } from './rule-changes.ts'
import { itemsText } from './words.ts'

const lengthChange = (
  old: Pick<ListShape, 'fewest' | 'most'>,
  next: Pick<ListShape, 'fewest' | 'most'>,
  spot: Spot,
): readonly Change[] => {
  if (old.fewest === next.fewest && old.most === next.most) return []
  const isInside = (writer: typeof old, reader: typeof old) =>
    writer.fewest >= reader.fewest && writer.most <= reader.most ? 'inside' : 'beyond'
  return [
    changeAt(spot, {
      kind: 'value',
      what: `had ${itemsText(old)}, has now ${itemsText(next)}`,
      relations: { newReaders: isInside(old, next), oldReaders: isInside(next, old) },
      advice: 'Take lists of every length that was taken before',
    }),
  ]
}

/** What changed from one list to another. */
export const listChanges = (old: ListShape, next: ListShape, spot: Spot, walk: Walk): readonly Change[] => {
  const [before, after] = [mostItems(old, isEmpty), mostItems(next, isEmpty)]
  const told = Math.max(old.first.length, next.first.length)
  const positions = Math.min(told + 1, before, after)
  return [
    ...lengthChange({ ...old, most: before }, { ...next, most: after }, spot),
    ...Array.from({ length: positions }, (_, nth) =>
      walk(itemOf(old, nth), itemOf(next, nth), below(spot, nth < told ? `${nth}` : '*')),
    ).flat(),
    ...ruleChanges(old.rules, next.rules, spot),
  ]
}
