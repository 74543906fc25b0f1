import type { Place } from '../schema/place.ts'
import type { ListShape } from '../schema/shape.ts'
import { together, whereThere } from './relation.ts'
import type { Relation } from './relation.ts'

/** Schema of the item at a position, from 0. */
export const itemOf = ({ first, rest }: ListShape, nth: number): Place => first[nth] ?? rest

/** Most items that a list can really have: none stands where its schema takes nothing. */
export const mostItems = (shape: ListShape, isEmpty: (place: Place) => boolean): number => {
  const stop = [...shape.first, shape.rest].findIndex(isEmpty)
  return stop === -1 ? shape.most : Math.min(shape.most, stop)
}

/** How a list stands to another. */
export const relateLists = (
  writer: ListShape,
  reader: ListShape,
  relate: (writer: Place, reader: Place) => Relation,
  isEmpty: (place: Place) => boolean,
): Relation => {
  const mostWritten = mostItems(writer, isEmpty)
  const mostRead = mostItems(reader, isEmpty)
  if (writer.fewest > mostRead || mostWritten < reader.fewest) return 'apart'
  const lengths: Relation = writer.fewest < reader.fewest || mostWritten > mostRead ? 'beyond' : 'inside'
  // One position past the items that are told one by one stands for all the rest.
  const positions = Math.max(writer.first.length, reader.first.length) + 1
  const items = Array.from({ length: Math.min(positions, mostWritten, mostRead) }, (_, nth) => {
    const item = relate(itemOf(writer, nth), itemOf(reader, nth))
    return nth < writer.fewest ? item : whereThere(item)
  })
  return together([lengths, ...items])
}
