import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type GroupMember, type Share, share } from './share.ts'
import { placeName } from '../../partition.ts'

const member = (id: string, topics: readonly string[], over: Partial<GroupMember> = {}): GroupMember => ({
  id,
  topics,
  owned: [],
  awaited: [],
  generation: -1,
  leaving: false,
  ...over,
})

const numbers = (given: readonly { partition: number }[] = []) => [
  ...new Set(given.map(({ partition }) => partition)),
]

/** Everybody takes exactly what the share says, lets the rest go, and joins again. */
const settle = (members: readonly GroupMember[], partitionsOf: (topic: string) => number, generation = 1) => {
  const shares = share(members, partitionsOf)
  return members.map((one) => {
    const { places: owned = [], awaited = [] } = shares.get(one.id) ?? {}
    return { ...one, owned, awaited, generation }
  })
}

const isUnsettled = (shares: ReadonlyMap<string, Share>) =>
  [...shares.values()].some(({ unsettled }) => unsettled)

const given = (shares: ReadonlyMap<string, Share>, id: string) => shares.get(id)?.places

const COUNTS: Readonly<Record<string, number>> = { a: 6, b: 6, c: 4, d: 1, gone: 0 }
const count = (topic: string) => COUNTS[topic] ?? 0

const groups = fc
  .uniqueArray(fc.constantFrom('m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8'), { minLength: 1 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          topics: fc.subarray(Object.keys(COUNTS), { minLength: 1 }),
          leaving: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
        }),
      ),
    ),
  )
  .map((members) => members.map(({ id, topics, leaving }) => member(id, topics, { leaving })))

describe('sharing out partitions', () => {
  it('gives the same number of every topic to the same member', () => {
    const members = ['m1', 'm2', 'm3'].map((id) => member(id, ['a', 'b', 'c']))
    const shares = share(members, count)
    expect(isUnsettled(shares)).toBe(false)
    const owner = new Map<number, string>()
    for (const [id, { places }] of shares)
      for (const { partition } of places) {
        expect(owner.get(partition) ?? id).toBe(id)
        owner.set(partition, id)
      }
    expect([...shares.values()].map(({ places }) => places.length).toSorted((a, b) => a - b)).toEqual([
      5, 5, 6,
    ])
  })

  it('gives everybody as many as the others, one more or less', () => {
    for (const size of [1, 2, 3, 4, 5, 6, 7, 9]) {
      const members = Array.from({ length: size }, (_, at) => member(`m${at}`, ['a', 'b']))
      const sizes = [...share(members, count).values()].map(({ places }) => numbers(places).length)
      expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(6)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }
  })

  it('moves no more than a newcomer gets, and first takes it from whoever has it', () => {
    const before = settle([member('m1', ['a']), member('m2', ['a'])], count)
    const withNew = [...before, member('m0', ['a'])]
    const first = share(withNew, count)
    expect(isUnsettled(first)).toBe(true)
    expect(given(first, 'm0')).toEqual([])
    expect(first.get('m0')?.awaited).toHaveLength(2)
    expect(given(first, 'm1')).toHaveLength(2)
    expect(given(first, 'm2')).toHaveLength(2)
    const second = share(settle(withNew, count), count)
    expect(isUnsettled(second)).toBe(false)
    expect(given(second, 'm0')).toEqual(first.get('m0')?.awaited)
    expect(given(second, 'm1')).toEqual(given(first, 'm1'))
  })

  it('gives at once what nobody holds any more', () => {
    const [first, second] = settle([member('m1', ['a']), member('m2', ['a'])], count)
    const shares = share([first as GroupMember], count)
    expect(second?.owned).toHaveLength(3)
    expect(isUnsettled(shares)).toBe(false)
    expect(given(shares, 'm1')).toHaveLength(6)
  })

  it('gives a member that leaves nothing new, and nobody what it still holds', () => {
    const [first, second] = settle([member('m1', ['a']), member('m2', ['a'])], count)
    const shares = share([{ ...(first as GroupMember), leaving: true }, second as GroupMember], count)
    expect(given(shares, 'm1')).toEqual([])
    expect(given(shares, 'm2')).toEqual(second?.owned)
    expect(shares.get('m2')?.awaited).toEqual(first?.owned)
  })

  it('keeps numbers together as far as members with different topics allow', () => {
    const members = [member('old', ['a']), member('new', ['a', 'b'])]
    const shares = share(members, count)
    expect(given(shares, 'old')).toHaveLength(3)
    expect(given(shares, 'new')?.filter(({ topic }) => topic === 'a')).toHaveLength(3)
    expect(given(shares, 'new')?.filter(({ topic }) => topic === 'b')).toHaveLength(6)
  })

  it('believes the younger generation where two say that they hold a partition', () => {
    const place = { topic: 'd', partition: 0 }
    const stale = member('m1', ['d'], { owned: [place], generation: 4 })
    const owner = member('m2', ['d'], { owned: [place], generation: 5 })
    for (const members of [
      [stale, owner],
      [owner, stale],
    ])
      expect(given(share(members, count), 'm2')).toEqual([place])
  })

  it('whoever is in the group: no partition twice, all of them after a second round, and then no move any more', () => {
    fc.assert(
      fc.property(groups, fc.nat(7), groups, (before, turn, members) => {
        // Holders of an earlier time, some of whom are still there.
        const earlier = new Map(settle(before, count).map((one) => [one.id, one]))
        const joined = members.map((one) => {
          const old = earlier.get(one.id)
          return old === undefined ? one : { ...one, owned: old.owned, awaited: old.awaited, generation: 1 }
        })
        const first = share(joined, count)
        const held = new Map(joined.flatMap(({ id, owned }) => owned.map((place) => [placeName(place), id])))
        for (const [id, { places }] of first)
          for (const place of places) expect(held.get(placeName(place)) ?? id).toBe(id)

        const staying = settle(joined, count, 2).filter(({ leaving }) => !leaving)
        const second = share(staying, count)
        expect(isUnsettled(second)).toBe(false)
        const all = [...second.values()].flatMap(({ places }) => places).map(placeName)
        expect(new Set(all).size).toBe(all.length)
        const wanted = [...new Set(staying.flatMap(({ topics }) => topics))].flatMap((topic) =>
          Array.from({ length: count(topic) }, (_, partition) => placeName({ topic, partition })),
        )
        expect(all.toSorted()).toEqual(wanted.toSorted())
        for (const { id, topics } of staying)
          for (const { topic } of given(second, id) ?? []) expect(topics).toContain(topic)

        const settled = settle(staying, count, 3)
        const third = share([...settled.slice(turn), ...settled.slice(0, turn)], count)
        for (const { id } of settled)
          expect(given(third, id)?.map(placeName).toSorted()).toEqual(
            given(second, id)?.map(placeName).toSorted(),
          )
      }),
      { numRuns: 300 },
    )
  })
})
