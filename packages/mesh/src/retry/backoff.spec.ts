import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backoffMs } from './backoff.ts'

const options = fc.record({
  initialMs: fc.integer({ min: 10, max: 100_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxMs: fc.integer({ min: 10, max: 30 * 24 * 3_600_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
})
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attempt = fc.integer({ min: 1, max: 100_000 })

describe('backoffMs', () => {
  it('multiplies the wait by the factor until it is as long as it may be', () => {
    const backoff = { initialMs: 1_000, factor: 2, maxMs: 10_000, jitter: 0 }
    expect([1, 2, 3, 4, 5, 6].map((nth) => backoffMs(backoff, nth, 0.9))).toEqual([
      1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ])
  })

  it('makes waits shorter by up to the jitter’s share, so that they do not all end at once', () => {
    const backoff = { initialMs: 1_000, factor: 1, maxMs: 1_000, jitter: 0.2 }
    expect([0, 0.5, 1].map((share) => backoffMs(backoff, 1, share))).toEqual([1_000, 900, 800])
  })

  it('is a whole number of milliseconds, never longer than the longest and never shorter than the jitter allows', () => {
    fc.assert(
      fc.property(options, attempt, random, (backoff, nth, share) => {
        const ms = backoffMs(backoff, nth, share)
        expect(Number.isSafeInteger(ms)).toBe(true)
        expect(ms).toBeLessThanOrEqual(backoff.maxMs)
        const least = Math.min(backoff.maxMs, backoff.initialMs) * (1 - backoff.jitter)
        expect(ms).toBeGreaterThanOrEqual(Math.floor(least))
      }),
    )
  })

  it('never waits shorter after a later attempt, given the same chance', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 200 }), random, (backoff, nth, share) => {
        expect(backoffMs(backoff, nth + 1, share)).toBeGreaterThanOrEqual(backoffMs(backoff, nth, share))
      }),
    )
  })
})
