import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fullBucket, takeToken, type TokenBucket, type Rate } from './token-bucket.ts'

const rates = fc.record({
  perMinute: fc.integer({ min: 1, max: 600 }),
  burst: fc.integer({ min: 1, max: 50 }),
})
const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 400 })

const passTimes = (rate: Rate, start: number, steps: readonly number[]) => {
  let bucket: TokenBucket = fullBucket(rate, start)
  let now = start
  return steps.flatMap((gap) => {
    now += gap
    const taken = takeToken(rate, bucket, now)
    bucket = taken.bucket
    return taken.taken ? [now] : []
  })
}

describe('token bucket', () => {
  it('gives its burst at once, then says how long to wait', () => {
    const rate = { perMinute: 60, burst: 2 }
    const first = takeToken(rate, fullBucket(rate, 0), 0)
    const second = takeToken(rate, first.bucket, 0)
    expect([first.taken, second.taken]).toEqual([true, true])
    expect(takeToken(rate, second.bucket, 250)).toEqual({
      taken: false,
      bucket: { tokens: 0.25, at: 250 },
      waitMs: 750,
    })
  })

  it('never lets more than burst + perMinute through in any 60 s', () => {
    fc.assert(
      fc.property(rates, gaps, (rate, steps) => {
        const times = passTimes(rate, 1_000, steps)
        for (const from of times) {
          const within = times.filter((time) => time >= from && time < from + 60_000).length
          expect(within).toBeLessThanOrEqual(rate.burst + rate.perMinute)
        }
      }),
    )
  })

  it('has a token after the wait it names, and none long before it', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 5_000 }), (rate, later) => {
        const refused = takeToken(rate, { tokens: 0, at: 0 }, Math.min(later, 60_000 / rate.perMinute - 1))
        if (refused.taken) throw new Error('an empty bucket gave a token')
        const due = refused.bucket.at + refused.waitMs
        expect(takeToken(rate, refused.bucket, due + 1).taken).toBe(true)
        expect(takeToken(rate, refused.bucket, due - 2).taken).toBe(false)
      }),
    )
  })

  it('is never fuller than its burst, however long nobody came', () => {
    const rate = { perMinute: 600, burst: 3 }
    expect(takeToken(rate, { tokens: 0, at: 0 }, 3_600_000)).toEqual({
      taken: true,
      bucket: { tokens: 2, at: 3_600_000 },
    })
  })

  it('adds nothing when the clock goes back, and counts the way back into the wait', () => {
    const rate = { perMinute: 60, burst: 1 }
    expect(takeToken(rate, { tokens: 0, at: 10_000 }, 4_000)).toEqual({
      taken: false,
      bucket: { tokens: 0, at: 10_000 },
      waitMs: 7_000,
    })
  })
})
