/** Longest wait that a header may ask for: one hour. A typo at the other side must not park an order for days. */
export const RETRY_AFTER_CAP_MS = 3_600_000

const SECONDS = /^\d+$/

// The one form of HTTP-date that a sender may generate (RFC 9110, section 5.6.7). Date.parse alone takes nearly anything.
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds, or an HTTP date).
 *
 * @param now - milliseconds since the epoch; what an HTTP date is compared with.
 * @returns 0 to {@link RETRY_AFTER_CAP_MS}; undefined where the header is missing or unreadable.
 */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? ''
  const wait = SECONDS.test(text)
    ? Number(text) * 1_000
    : IMF_FIXDATE.test(text)
      ? Date.parse(text) - now
      : Number.NaN
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), RETRY_AFTER_CAP_MS)
}
