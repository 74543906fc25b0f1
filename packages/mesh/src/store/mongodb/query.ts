import type { Filter } from 'mongodb'
import type { Query } from '../store.ts'
import { type MeshDocument, fieldOf } from './documents.ts'

type Key = string | number
type Bounds = Omit<Query, 'limit'>
type Range = { readonly $gt?: Key; readonly $gte?: Key; readonly $lte?: Key }

/** Where a page ended: the index's value there (or the id), and the id. */
export type Place = readonly [key: Key, id: string]

/** Makes the `next` of a page. */
export const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

const isKey = (value: unknown): value is Key => typeof value === 'string' || typeof value === 'number'

/** Reads a `next`. @throws TypeError for anything else: it may come from outside, and must not become an operator. */
export const readCursor = (cursor: string): Place => {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(place) && place.length === 2 && isKey(place[0]) && typeof place[1] === 'string')
      return [place[0], place[1]]
  } catch {
    // Said below.
  }
  throw new TypeError('`after` is not the `next` of a page.')
}

const refuseOperators = (...bounds: readonly unknown[]): void => {
  if (bounds.some((bound) => bound !== undefined && !isKey(bound)))
    throw new TypeError('The bounds of a query are numbers or strings.')
}

type Type = 'number' | 'string'

// Numbers come before strings in the order of an index, but MongoDB compares within a type only: `$gte: 5` takes no
// strings. So a query that is open to both is two ranges, one after the other. One `$or` would say the same, but then it
// is up to each server's planner whether an index serves it.
const numbers = ({ from, to }: Bounds): Range | undefined =>
  typeof from === 'string'
    ? undefined
    : { $gte: from ?? -Infinity, ...(typeof to === 'number' && { $lte: to }) }

const strings = ({ from, to }: Bounds): Range | undefined =>
  typeof to === 'number'
    ? undefined
    : { $gte: typeof from === 'string' ? from : '', ...(typeof to === 'string' && { $lte: to }) }

/** What of a range comes after a place; undefined: nothing. */
const behind = (field: string, type: Type, range: Range, after: Place | undefined): object | undefined => {
  if (after === undefined) return { [field]: range }
  const [key, id] = after
  if (typeof key !== type) return type === 'number' ? undefined : { [field]: range }
  return { [field]: { ...range, $gte: key }, $or: [{ [field]: { $gt: key } }, { _id: { $gt: id } }] }
}

const byIndex = (field: string, query: Bounds): Filter<MeshDocument>[] => {
  const after = query.after === undefined ? undefined : readCursor(query.after)
  const ranges: readonly (readonly [Type, Range | undefined])[] = [
    ['number', numbers(query)],
    ['string', strings(query)],
  ]
  return ranges
    .map(([type, range]) => range && behind(field, type, range, after))
    .filter((filter) => filter !== undefined)
}

const byId = ({ from, to, after }: Bounds): Filter<MeshDocument>[] => {
  const range = {
    ...(from !== undefined && { $gte: String(from) }),
    ...(to !== undefined && { $lte: String(to) }),
    ...(after !== undefined && { $gt: readCursor(after)[1] }),
  }
  return [Object.keys(range).length === 0 ? {} : { _id: range }]
}

/** The path in a stored document that an index is on. */
export const indexedField = (path: string): string => `i.${fieldOf(path)}`

/**
 * A query as ranges of one index, in its order; each is a scan of just these keys.
 *
 * @param path - of the index; undefined: by id.
 * @throws TypeError
 */
export const rangesOf = (path: string | undefined, query: Bounds): readonly Filter<MeshDocument>[] => {
  refuseOperators(query.from, query.to)
  return path === undefined ? byId(query) : byIndex(indexedField(path), query)
}

/** The order of an index: by value, then by id. */
export const orderOf = (path: string | undefined): Record<string, 1> => ({
  ...(path !== undefined && { [indexedField(path)]: 1 }),
  _id: 1,
})

/** The place of a document in the order of an index. */
export const placeOf = (path: string | undefined, { _id, i }: Pick<MeshDocument, '_id' | 'i'>): Place => [
  path === undefined ? _id : (i[fieldOf(path)] ?? _id),
  _id,
]
