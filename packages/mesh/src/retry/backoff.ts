/** How the time between attempts grows. */
export type Backoff = {
  /** Milliseconds before the second attempt. */
  readonly initialMs: number
  /** Each wait is this many times the one before, 1 or more. */
  readonly factor: number
  /** Longest wait. */
  readonly maxMs: number
  /** Share of the wait that is random, 0 to 1: many orders that failed together do not come back together. */
  readonly jitter: number
}

/**
 * Milliseconds to wait after a failed attempt.
 *
 * @param attempt - the attempt that failed, 1 for the first.
 * @param random - 0 to 1, exclusive.
 */
export const backoffMs = (
  { initialMs, factor, maxMs, jitter }: Backoff,
  attempt: number,
  random: number,
): number => {
  const whole = Math.min(maxMs, initialMs * factor ** Math.min(attempt - 1, 60))
  return Math.round(whole * (1 - jitter * random))
}
