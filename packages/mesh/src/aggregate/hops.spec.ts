import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type Lineage,
  MOST_HOPS,
  MOST_SPREAD,
  circleIn,
  descending,
  lineageExtensions,
  lineageOf,
} from './hops.ts'

const origin: Lineage = { hops: 0, spread: 1 }

const generations = (count: number, fan: number): Lineage =>
  Array.from({ length: count }).reduce<Lineage>((lineage) => descending(lineage, fan), origin)

describe('the lineage of an event', () => {
  it('comes through the event’s extensions', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.integer({ min: 1, max: 999_999_999 }), (hops, spread) => {
        expect(lineageOf({ extensions: lineageExtensions({ hops, spread }) })).toEqual({ hops, spread })
      }),
    )
    expect(lineageExtensions(descending(origin))).toEqual({ hops: '1' })
  })

  it('is that of an origin where an event says nothing of it, or nonsense', () => {
    expect(lineageOf({ extensions: {} })).toEqual(origin)
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { hops, spread } = lineageOf({ extensions: { hops: text, spread: text } })
        expect([Number.isSafeInteger(hops), Number.isSafeInteger(spread)]).toEqual([true, true])
      }),
    )
  })

  it('grows by one step, and by as many as one event led to', () => {
    expect(descending(origin)).toEqual({ hops: 1, spread: 1 })
    expect(descending(descending(origin, 3), 4)).toEqual({ hops: 2, spread: 12 })
    expect(descending({ hops: 4, spread: 7 }, 0)).toEqual({ hops: 5, spread: 7 })
  })
})

describe('a circle', () => {
  it('is what goes on for more steps than any order has', () => {
    expect(circleIn(generations(MOST_HOPS, 1), 1)).toBeUndefined()
    expect(circleIn(generations(MOST_HOPS + 1, 1), 1)).toMatch(/33 events led to this one/)
  })

  it('is what leads to many again and again, but not one event that leads to many', () => {
    expect(circleIn(origin, 3 * MOST_SPREAD)).toBeUndefined()
    expect(circleIn(descending(origin, 3 * MOST_SPREAD), 1)).toMatch(/30000/)
    expect(circleIn(descending(origin, 5_000), 1)).toBeUndefined()
    expect(circleIn(generations(13, 2), 1)).toBeUndefined()
    expect(circleIn(generations(13, 2), 2)).toMatch(/16384/)
  })

  it('ends whatever one event leads to, after a bounded number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), (fan) => {
        let [lineage, alive, all] = [origin, 1, 0]
        while (circleIn(lineage, fan) === undefined) {
          alive *= fan
          all += alive
          lineage = descending(lineage, fan)
        }
        expect(all).toBeLessThanOrEqual(2 * MOST_SPREAD)
      }),
    )
  })
})
