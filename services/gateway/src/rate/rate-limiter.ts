import { type Rate, type TokenBucket, fullBucket, takeToken } from '@commerce-mesh/mesh'
import { createBoundedMap } from '../bounded/bounded-map.ts'
import { Refusal } from '../problem/refusal.ts'

/** Buckets kept at once. One that is forgotten is full again when its caller comes back. */
const MOST = 10_000

/** A token bucket for each of many callers, in bounded memory. */
export type RateLimiter = {
  /** Takes a token of this caller. @throws Refusal 429 with `Retry-After` in whole seconds. */
  take(caller: string): void
}

/** @param now - milliseconds of a clock that best only goes forward. */
export const createRateLimiter = (
  rate: { perSecond: number; burst: number },
  now: () => number,
): RateLimiter => {
  const perMinute: Rate = { perMinute: rate.perSecond * 60, burst: rate.burst }
  const buckets = createBoundedMap<TokenBucket>(MOST)
  return {
    take: (caller) => {
      const at = now()
      const taken = takeToken(perMinute, buckets.get(caller) ?? fullBucket(perMinute, at), at)
      buckets.set(caller, taken.bucket)
      if (taken.taken) return
      const seconds = Math.max(1, Math.ceil(taken.waitMs / 1_000))
      throw new Refusal(
        429,
        'MESH_RATE_LIMITED',
        `More requests than ${rate.perSecond} per second; try again in ${seconds} s.`,
        {
          headers: { 'retry-after': String(seconds) },
        },
      )
    },
  }
}
