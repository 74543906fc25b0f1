import { describe, expect, it } from '@jest/globals'
import { SlidingWindow, Throttle } from './throttle.ts'
import { completeUser } from './user.ts'

const alice = { user: completeUser({ username: 'alice', id: 4 }), hasApiKey: false }
const staff = { user: completeUser({ username: 'staff', id: 3, isStaff: true }), hasApiKey: false }

function grantedOf(times: number, take: () => unknown): number {
  return Array.from({ length: times }, take).filter((refusal) => refusal === null).length
}

describe('SlidingWindow', () => {
  it('grants the limit in any 60 seconds and tells the wait until the oldest falls out', () => {
    const window = new SlidingWindow(2)
    expect([window.take('a', 0), window.take('a', 10_000)]).toEqual([null, null])
    expect(window.take('a', 15_000)).toBe(45_000)
    expect(window.take('a', 59_999)).toBe(1)
    expect(window.take('a', 60_000)).toBeNull()
    expect(window.take('a', 60_001)).toBe(9_999)
  })

  it('does not count refused requests, and counts keys apart', () => {
    const window = new SlidingWindow(1)
    window.take('a', 0)
    for (let at = 1; at < 1000; at += 1) window.take('a', at)
    expect(window.take('a', 60_000)).toBeNull()
    expect(window.take('b', 60_000)).toBeNull()
  })
})

describe('Throttle', () => {
  it('grants 120 a minute to staff and 40 to others, by default', () => {
    const throttle = new Throttle()
    expect(grantedOf(130, () => throttle.enrollment(staff, '::1', 0))).toBe(120)
    expect(grantedOf(130, () => throttle.enrollment(alice, '::1', 0))).toBe(40)
  })

  it('answers 429 with Retry-After in whole seconds, rounded up', () => {
    const throttle = new Throttle({ userPerMinute: 1 })
    throttle.enrollment(alice, '::1', 0)
    const refusal = throttle.enrollment(alice, '::1', 22_500)
    expect(refusal).toMatchObject({ status: 429, headers: { 'retry-after': '38' } })
    expect(refusal?.body).toBe('{"detail":"Request was throttled. Expected available in 38 seconds."}')
    expect(throttle.enrollment(alice, '::1', 59_500)?.body).toContain('in 1 second.')
  })

  it('exempts the API key, does not count it, and can be off', () => {
    const throttle = new Throttle({ userPerMinute: 1 })
    expect(grantedOf(5, () => throttle.enrollment({ ...alice, hasApiKey: true }, '::1', 0))).toBe(5)
    expect(throttle.enrollment(alice, '::1', 0)).toBeNull()
    const off = new Throttle(false)
    expect(grantedOf(500, () => off.enrollment(alice, '::1', 0))).toBe(500)
  })

  it('counts users apart, wherever they come from', () => {
    const throttle = new Throttle({ userPerMinute: 1 })
    const bob = { user: completeUser({ username: 'bob', id: 5 }), hasApiKey: false }
    expect(throttle.enrollment(alice, '10.0.0.1', 0)).toBeNull()
    expect(throttle.enrollment(bob, '10.0.0.1', 0)).toBeNull()
    expect(throttle.enrollment(alice, '10.0.0.2', 0)?.status).toBe(429)
  })

  it('counts anonymous callers by address', () => {
    const throttle = new Throttle({ userPerMinute: 1 })
    const nobody = { user: null, hasApiKey: false }
    expect(throttle.enrollment(nobody, '10.0.0.1', 0)).toBeNull()
    expect(throttle.enrollment(nobody, '10.0.0.2', 0)).toBeNull()
    expect(throttle.enrollment(nobody, '10.0.0.1', 0)?.status).toBe(429)
  })

  it('answers 403 where too many tokens are asked for', () => {
    const throttle = new Throttle({ tokensPerMinute: 2 })
    expect(grantedOf(3, () => throttle.token('::1', 0))).toBe(2)
    expect(throttle.token('::1', 0)?.status).toBe(403)
    expect(throttle.token('::1', 60_000)).toBeNull()
  })
})
