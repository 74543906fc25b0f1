import { type PaymentNotified, orderNumber, paymentNotified } from '@commerce-mesh/contracts'
import { z } from 'zod'
import { fieldErrors } from '../problem/field-errors.ts'
import type { FieldError } from '../problem/refusal.ts'
import { minorUnitsOf } from './amount.ts'

const stripeEvent = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int().min(0),
  data: z.object({ object: z.looseObject({ metadata: z.record(z.string(), z.unknown()).nullish() }) }),
})

/** The part of a Stripe event that is read; the rest is not looked at. */
type StripeEvent = z.output<typeof stripeEvent>

type Kind = PaymentNotified['kind']

/** Which kind of news an event type is, and which field holds its amount. */
const PAYMENTS: Readonly<Record<string, readonly [kind: Kind, amountField: string]>> = {
  'payment_intent.succeeded': ['captured', 'amount_received'],
  'payment_intent.payment_failed': ['failed', 'amount'],
  'payment_intent.requires_action': ['action-required', 'amount'],
  'checkout.session.completed': ['captured', 'amount_total'],
  'checkout.session.async_payment_succeeded': ['captured', 'amount_total'],
  'checkout.session.async_payment_failed': ['failed', 'amount_total'],
  'charge.refunded': ['refunded', 'amount_refunded'],
  'refund.created': ['refunded', 'amount'],
  'charge.dispute.created': ['disputed', 'amount'],
}

/** What a notification comes to. `ignored` names the reason, a word for metrics; `errors` what Stripe does not document. */
export type Reading =
  | { readonly payment: PaymentNotified }
  | { readonly ignored: string }
  | { readonly errors: readonly FieldError[] }

/** An id, or the object itself where Stripe was asked to expand it. */
const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value

/** Both events of one payment, the intent's and the checkout session's, have the intent's id; a free session has only its own. */
const referenceOf = (object: Readonly<Record<string, unknown>>) =>
  idOf(object['payment_intent']) ?? object['id']

/** Null for what is there but no amount of this currency, so that it is not called missing. */
const amountOf = (amount: unknown, currency: string): number | null | undefined => {
  if (amount === undefined) return undefined
  return Number.isSafeInteger(amount) ? (minorUnitsOf(Number(amount), currency) ?? null) : null
}

/** A session that is complete though the money is still on its way; async_payment_succeeded or _failed will follow. */
const isUnpaidSession = ({ type, data }: StripeEvent) =>
  type === 'checkout.session.completed' && data.object['payment_status'] === 'unpaid'

const paymentOf = (
  event: StripeEvent,
  number: string,
  [kind, amountField]: readonly [Kind, string],
): Reading => {
  const { object } = event.data
  const currency = typeof object['currency'] === 'string' ? object['currency'].toUpperCase() : ''
  const payment = {
    orderNumber: number,
    provider: 'stripe',
    notificationId: event.id,
    notificationType: event.type,
    kind,
    reference: referenceOf(object),
    amount: amountOf(object[amountField], currency),
    currency,
    notifiedAt: new Date(event.created * 1_000).toISOString(),
  }
  const parsed = paymentNotified.data.safeParse(payment)
  return parsed.success
    ? { payment: parsed.data }
    : { errors: fieldErrors(parsed.error, paymentNotified.data, payment) }
}

/**
 * Maps a Stripe event to payment.notified (interop section 6). Ignored: types that say nothing of an order's payment, events
 * whose object carries no order number in its metadata, and sessions that are not paid yet.
 *
 * @param body - the parsed body of a notification whose signature was right.
 */
export const readNotification = (body: unknown): Reading => {
  const parsed = stripeEvent.safeParse(body)
  if (!parsed.success) return { errors: fieldErrors(parsed.error, stripeEvent, body) }
  const event = parsed.data
  const rule = PAYMENTS[event.type]
  if (rule === undefined) return { ignored: 'event-type' }
  const number = event.data.object.metadata?.['order_number']
  if (number === undefined || number === '') return { ignored: 'no-order-number' }
  const named = orderNumber.safeParse(number)
  if (!named.success) return { ignored: 'order-number-invalid' }
  if (isUnpaidSession(event)) return { ignored: 'not-paid-yet' }
  return paymentOf(event, named.data, rule)
}
