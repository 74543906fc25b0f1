import type { HrTime } from '@opentelemetry/api'

/** A clock that was set, or a machine that slept: from here on the monotonic clock is put right again. */
const DRIFT_MS = 2

let origin = performance.timeOrigin

/**
 * Milliseconds since the epoch, with fractions: finer than `Date.now()`, so that the spans of one record stand in the
 * order in which they came.
 */
export const epochMs = (): number => {
  const reckoned = origin + performance.now()
  const drift = Date.now() - reckoned
  if (Math.abs(drift) <= DRIFT_MS) return reckoned
  origin += drift
  return reckoned + drift
}

/** Milliseconds since the epoch (or a duration) as OpenTelemetry takes them: whole seconds, and nanoseconds besides. */
export const hrTime = (ms: number): HrTime => {
  const seconds = Math.trunc(ms / 1_000)
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)]
}
