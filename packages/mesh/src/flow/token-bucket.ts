/** How much may pass: `burst` at once, and `perMinute` in the long run. No window of 60 s sees more than the sum. */
export type Rate = {
  /** More than 0. */
  readonly perMinute: number
  /** 1 or more. */
  readonly burst: number
}

/** How full a bucket was at an instant. A plain value: keep it wherever state is kept. */
export type TokenBucket = { readonly tokens: number; readonly at: number }

/** What {@link takeToken} found. `waitMs` is how long from `now` until a token is there. */
export type Taken =
  | { readonly taken: true; readonly bucket: TokenBucket }
  | { readonly taken: false; readonly bucket: TokenBucket; readonly waitMs: number }

const MINUTE = 60_000

/** A bucket that may give its whole burst. `now` is in milliseconds of any clock, best one that only goes forward. */
export const fullBucket = (rate: Rate, now: number): TokenBucket => ({ tokens: rate.burst, at: now })

/**
 * Takes one token out of the bucket, if there is one.
 *
 * @param now - milliseconds of the clock that the bucket was made with. A clock that went back adds nothing.
 */
export const takeToken = (rate: Rate, bucket: TokenBucket, now: number): Taken => {
  const at = Math.max(bucket.at, now)
  const tokens = Math.min(rate.burst, bucket.tokens + ((at - bucket.at) * rate.perMinute) / MINUTE)
  if (tokens >= 1) return { taken: true, bucket: { tokens: tokens - 1, at } }
  const waitMs = Math.ceil(at - now + ((1 - tokens) * MINUTE) / rate.perMinute)
  return { taken: false, bucket: { tokens, at }, waitMs }
}
