import type { OrderSubmitted } from '@commerce-mesh/contracts'

/** What pays an order: the provider and its id of the payment; the id is null where the storefront did not say it. */
export type Payment = { readonly provider: string; readonly reference: string | null }

/** One capture that a provider told us of and that has not paid the order: held until the order comes, or reported as wrong. */
export type Capture = {
  readonly provider: string
  readonly reference: string
  /** Integer of minor units. */
  readonly amount: number
  /** ISO 4217 code. */
  readonly currency: string
  /** RFC 3339; when the provider sent the notification. */
  readonly capturedAt: string
  /** Set once a dead letter told a person: which event it was, and whether the order was paid by then. */
  readonly reported?: { readonly by: string; readonly afterPaid: boolean }
}

/** What this service knows about one order number. Plain JSON. Holds personal data (the learner, for `order.placed`). */
export type PaymentsState = {
  /** The submission that stands; null until one has come. Lines merged through `titan` are in it. */
  readonly submission: OrderSubmitted | null
  /** At most {@link MAX_CAPTURES}, in the order of arrival. */
  readonly captures: readonly Capture[]
  /** What paid the order; empty until it is paid. */
  readonly paidWith: readonly Payment[]
  /** Ids of the lines that an `order.placed` was emitted for. */
  readonly placed: readonly string[]
}

/** Captures kept for one order number: enough for any real order, and a limit for a shop that sends the same number always. */
export const MAX_CAPTURES = 100

/** State of an order number that nothing was heard of yet. */
export const initialPayments = (): PaymentsState => ({
  submission: null,
  captures: [],
  paidWith: [],
  placed: [],
})
