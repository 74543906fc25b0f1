import type { PaymentNotified } from '@commerce-mesh/contracts'
import { type Capture, MAX_CAPTURES } from '../state.ts'

/** The capture that a notification of kind `captured` tells of. */
export const captureOf = ({
  provider,
  reference,
  amount,
  currency,
  notifiedAt,
}: PaymentNotified): Capture => ({
  provider,
  reference,
  amount,
  currency,
  capturedAt: notifiedAt,
})

/**
 * Whether two notifications tell of the same capture. The amount counts too: a payment may be reported with a wrong
 * amount first and with the right one later, and only the latter pays.
 */
export const sameCapture = (one: Capture, other: Capture): boolean =>
  one.provider === other.provider &&
  one.reference === other.reference &&
  one.amount === other.amount &&
  one.currency === other.currency

/** Adds a capture, or replaces what is known of the same one. Beyond {@link MAX_CAPTURES} nothing is added. */
export const remember = (captures: readonly Capture[], capture: Capture): readonly Capture[] => {
  const known = captures.findIndex((other) => sameCapture(other, capture))
  if (known >= 0) return captures.with(known, capture)
  return captures.length < MAX_CAPTURES ? [...captures, capture] : captures
}
