import { describe, expect, it } from '@jest/globals'
import { Refusal } from '../problem/refusal.ts'
import { createRateLimiter } from './rate-limiter.ts'

const refusalOf = (work: () => void) => {
  try {
    work()
    return undefined
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown
    throw thrown
  }
}

describe('createRateLimiter', () => {
  it('lets a burst through, then so many per second, and says when to come again', () => {
    let now = 0
    const limiter = createRateLimiter({ perSecond: 0.5, burst: 3 }, () => now)
    const take = () => refusalOf(() => limiter.take('storefront'))
    expect([take(), take(), take()]).toEqual([undefined, undefined, undefined])
    expect(take()).toMatchObject({ status: 429, code: 'MESH_RATE_LIMITED', headers: { 'retry-after': '2' } })
    now = 2_000
    expect(take()).toBeUndefined()
    expect(take()).toMatchObject({ status: 429 })
  })

  it('counts every caller apart', () => {
    const limiter = createRateLimiter({ perSecond: 1, burst: 1 }, () => 0)
    limiter.take('a')
    expect(refusalOf(() => limiter.take('b'))).toBeUndefined()
    expect(refusalOf(() => limiter.take('a'))).toBeDefined()
  })
})
