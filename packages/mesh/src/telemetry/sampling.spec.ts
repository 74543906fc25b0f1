import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isKept } from './sampling.ts'
import { newTraceId } from './traceparent.ts'

const traceIds = fc.stringMatching(/^[0-9a-f]{32}$/)

describe('sampling', () => {
  it('keeps everything or nothing at the ends', () => {
    fc.assert(
      fc.property(traceIds, (traceId) => {
        expect(isKept(traceId, 1)).toBe(true)
        expect(isKept(traceId, 0)).toBe(false)
      }),
    )
    expect(isKept('f'.repeat(32), 0)).toBe(false)
    expect(isKept('0'.repeat(32), 1)).toBe(true)
  })

  it('keeps with a larger share what it keeps with a smaller one', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(traceIds, share, share, (traceId, a, b) => {
        if (isKept(traceId, Math.min(a, b))) expect(isKept(traceId, Math.max(a, b))).toBe(true)
      }),
    )
  })

  it('keeps about its share of new traces', () => {
    const kept = Array.from({ length: 20_000 }, newTraceId).filter((traceId) => isKept(traceId, 0.1))
    // Five standard deviations: wrong once in some million runs.
    expect(Math.abs(kept.length - 2_000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9))
  })
})
