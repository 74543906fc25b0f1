import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { closedBreaker, failed, succeeded, type BreakerState } from './breaker-state.ts'

const options = { failures: 3, coolDownMs: 1_000, maxCoolDownMs: 4_000 }

const failTimes = (count: number, now: number, from: BreakerState = closedBreaker): BreakerState =>
  Array.from({ length: count }).reduce<BreakerState>((state) => failed(state, options, now), from)

describe('breaker state', () => {
  it('opens at the named number of failures in a row, not before', () => {
    expect(failTimes(2, 100)).toMatchObject({ open: false, failures: 2 })
    expect(failTimes(3, 100)).toEqual({ open: true, failures: 3, until: 1_100, coolDownMs: 1_000 })
  })

  it('counts anew after a success', () => {
    expect(succeeded()).toEqual(closedBreaker)
    expect(failTimes(2, 100, succeeded())).toMatchObject({ open: false })
  })

  it('doubles the cool-down with each failed probe, up to its limit', () => {
    let state = failTimes(3, 0)
    const coolDowns: number[] = []
    for (let probe = 0; probe < 4; probe++) {
      state = failed(state, options, state.until)
      coolDowns.push(state.coolDownMs)
    }
    expect(coolDowns).toEqual([2_000, 4_000, 4_000, 4_000])
  })

  it('is not held open longer by calls that were under way when it opened', () => {
    const open = failTimes(3, 0)
    expect(failTimes(5, 999, open)).toMatchObject({ until: 1_000, coolDownMs: 1_000, failures: 8 })
  })

  it('opens at once and for as long as the other side asks (Retry-After)', () => {
    expect(failed(closedBreaker, options, 100, 60_000)).toMatchObject({ open: true, until: 60_100 })
  })

  it('keeps to the longest wait that was asked for, whoever of those under way answers last', () => {
    const long = failed(closedBreaker, options, 0, 60_000)
    expect(failed(long, options, 10, 1_000)).toMatchObject({ open: true, until: 60_000 })
    expect(failed(long, options, 10, 90_000)).toMatchObject({ until: 90_010 })
  })

  it('may be probed again in the end, whatever happens: an open breaker always has a time', () => {
    const step = fc.record({ after: fc.nat(10_000), asked: fc.option(fc.nat(100_000), { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        let now = 0
        let latest = 0
        let state = closedBreaker
        for (const { after, asked } of steps) {
          now += after
          state = failed(state, options, now, asked)
          latest = Math.max(latest, now + Math.max(asked ?? 0, options.maxCoolDownMs))
          if (state.open)
            expect(state.until).toBeGreaterThanOrEqual(now + (asked ?? 0) - options.maxCoolDownMs)
          expect(state.until).toBeLessThanOrEqual(latest)
        }
      }),
    )
  })
})
