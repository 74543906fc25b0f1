import { describe, expect, it } from '@jest/globals'
import { cursorOf, orderOf, placeOf, rangesOf, readCursor } from './query.ts'

type Key = string | number
type Entry = { readonly _id: string; readonly value?: Key }

const KEYS: readonly Key[] = [-1, 0, 5, '', 'a', 'b']
const IDS = ['x', 'y']
const ENTRIES: readonly Entry[] = [
  ...KEYS.flatMap((value) => IDS.map((id) => ({ _id: `${id}-${value}`, value }))),
  { _id: 'without' },
]

/** The order of an index: numbers before strings. */
const compare = (a: Key, b: Key): number =>
  typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1

/** MongoDB's comparison: within a type, and never true of what is missing. */
const holds = (value: Key | undefined, operator: string, bound: Key): boolean => {
  if (value === undefined || typeof value !== typeof bound) return false
  if (operator === '$gt') return value > bound
  if (operator === '$gte') return value >= bound
  if (operator === '$lte') return value <= bound
  throw new TypeError(operator)
}

const matches = (entry: Entry, filter: object): boolean =>
  Object.entries(filter).every(([name, wanted]: [string, unknown]) => {
    if (name === '$or') return (wanted as object[]).some((branch) => matches(entry, branch))
    const value = name === '_id' ? entry._id : entry.value
    if (typeof wanted !== 'object') return value === wanted
    return Object.entries(wanted as Record<string, unknown>).every(([operator, bound]) =>
      operator === '$in' ? (bound as Key[]).includes(value as Key) : holds(value, operator, bound as Key),
    )
  })

const inOrder = (entries: readonly Entry[]) =>
  entries
    .toSorted((a, b) => compare(a.value ?? '', b.value ?? '') || (a._id < b._id ? -1 : 1))
    .map(({ _id }) => _id)

/** What a server gives, range after range. */
const selected = (ranges: readonly object[]) =>
  ranges.flatMap((range) => inOrder(ENTRIES.filter((entry) => matches(entry, range))))

describe('rangesOf', () => {
  it('takes what lies within the bounds in the order of an index, whatever the types', () => {
    for (const from of [undefined, ...KEYS]) {
      for (const to of [undefined, ...KEYS]) {
        const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
        const wanted = ENTRIES.filter(
          ({ value }) =>
            value !== undefined &&
            (from === undefined || compare(value, from) >= 0) &&
            (to === undefined || compare(value, to) <= 0),
        )
        expect([bounds, selected(rangesOf('v', bounds))]).toEqual([bounds, inOrder(wanted)])
      }
    }
  })

  it('continues behind any place of the index, whatever the types', () => {
    for (const to of [undefined, ...KEYS]) {
      for (const key of KEYS.filter((candidate) => to === undefined || compare(candidate, to) <= 0)) {
        const after = cursorOf([key, `x-${key}`])
        const query = { after, ...(to !== undefined && { to }) }
        const wanted = ENTRIES.filter(
          ({ _id, value }) =>
            value !== undefined &&
            (compare(value, key) > 0 || (value === key && _id > `x-${key}`)) &&
            (to === undefined || compare(value, to) <= 0),
        )
        expect([key, to, selected(rangesOf('v', query))]).toEqual([key, to, inOrder(wanted)])
      }
    }
  })

  it('is one range of one type where the upper bound says so: what is due', () => {
    expect(rangesOf('waiting.dueAt', { to: 5 })).toEqual([
      { 'i.waiting:dueAt': { $gte: -Infinity, $lte: 5 } },
    ])
  })

  it('goes by id without an index', () => {
    expect(rangesOf(undefined, {})).toEqual([{}])
    expect(selected(rangesOf(undefined, { from: 'x-a', to: 'y' }))).toEqual(['x-a', 'x-b'])
    const query = { after: cursorOf(['x-a', 'x-a']), to: 'y' }
    expect(selected(rangesOf(undefined, query))).toEqual(['x-b'])
  })

  it('lets nothing from outside become an operator', () => {
    const operator = { $ne: null } as unknown as string
    expect(() => rangesOf('v', { from: operator })).toThrow(TypeError)
    expect(() => rangesOf(undefined, { to: operator })).toThrow(TypeError)
  })
})

describe('a cursor', () => {
  it.each([
    [5, 'a'],
    ['Zoë', '学'],
    ['', ''],
  ] as const)('comes back as it was: %j %j', (...place) => expect(readCursor(cursorOf(place))).toEqual(place))

  it.each([
    '',
    '!',
    'bnVsbA',
    ...[[{ $gt: '' }, 'a'], ['a'], ['a', 1], null].map((json) => btoa(JSON.stringify(json))),
  ])('is refused when it is none: %s', (text) => expect(() => readCursor(text)).toThrow(TypeError))

  it('is the value and the id', () => {
    expect(placeOf('a.b', { _id: 'x', i: { 'a:b': 3 } })).toEqual([3, 'x'])
    expect(placeOf(undefined, { _id: 'x', i: {} })).toEqual(['x', 'x'])
  })
})

describe('orderOf', () => {
  it('is by value, then by id', () => {
    expect(Object.keys(orderOf('a.b'))).toEqual(['i.a:b', '_id'])
    expect(orderOf(undefined)).toEqual({ _id: 1 })
  })
})
