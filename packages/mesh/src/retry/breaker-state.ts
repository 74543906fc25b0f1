/** When a breaker opens and how long it stays open. */
export type BreakerOptions = {
  /** Failures in a row that open it, 1 or more. */
  readonly failures: number
  /** Milliseconds until the first probe. */
  readonly coolDownMs: number
  /** Each failed probe doubles the cool-down up to this. */
  readonly maxCoolDownMs: number
}

/** A breaker at one moment. */
export type BreakerState = {
  readonly open: boolean
  /** Failures in a row. */
  readonly failures: number
  /** When the next probe may be made (ms since the epoch); only while open. */
  readonly until: number
  /** The cool-down that runs. */
  readonly coolDownMs: number
}

/** Nothing failed yet. */
export const closedBreaker: BreakerState = { open: false, failures: 0, until: 0, coolDownMs: 0 }

/** The other side answered. */
export const succeeded = (): BreakerState => closedBreaker

/**
 * The other side as a whole failed.
 *
 * @param afterMs - the other side named a time (`Retry-After`): the breaker opens at once and until then.
 */
export const failed = (
  state: BreakerState,
  options: BreakerOptions,
  now: number,
  afterMs?: number,
): BreakerState => {
  const failures = state.failures + 1
  if (afterMs !== undefined) {
    // Of several calls that were under way the longest wait counts, not the last one named.
    return {
      open: true,
      failures,
      until: Math.max(state.until, now + afterMs),
      coolDownMs: options.coolDownMs,
    }
  }
  if (!state.open && failures < options.failures) return { ...state, failures }
  // Calls that were under way when it opened fail a little later; they must not stretch the cool-down.
  if (state.open && now < state.until) return { ...state, failures }
  const coolDownMs = state.open ? Math.min(state.coolDownMs * 2, options.maxCoolDownMs) : options.coolDownMs
  return { open: true, failures, until: now + coolDownMs, coolDownMs }
}
