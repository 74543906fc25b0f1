import { type OrderLine, orderPlaced, type OrderSubmitted, paymentCaptured } from '@commerce-mesh/contracts'
import { type Draft, emit } from '@commerce-mesh/mesh'
import type { Payment } from '../state.ts'

/** Events and state of an order that is known and paid. */
export type Placement = {
  readonly events: readonly Draft[]
  readonly paidWith: readonly Payment[]
  readonly placed: readonly string[]
  /** Line states for the journal. */
  readonly lines: Readonly<Record<string, string>>
}

/** The same state for each line, as the journal wants it. */
export const lineStates = (
  lines: readonly OrderLine[],
  state: 'submitted' | 'paid',
): Readonly<Record<string, string>> => Object.fromEntries(lines.map((line) => [line.lineId, state]))

/** `payment.captured` of an order. */
export const capturedDraft = (order: OrderSubmitted, payment: Payment, capturedAt: string): Draft =>
  emit(paymentCaptured, {
    orderNumber: order.orderNumber,
    provider: payment.provider,
    reference: payment.reference,
    currency: order.currency,
    total: order.total,
    capturedAt,
  })

/** `order.placed` for some lines of an order. */
export const placedDraft = (order: OrderSubmitted, lines: readonly OrderLine[], payment: Payment): Draft =>
  emit(orderPlaced, {
    orderNumber: order.orderNumber,
    placedAt: order.placedAt,
    learner: order.learner,
    currency: order.currency,
    total: order.total,
    lines: [...lines],
    payment: { provider: payment.provider, reference: payment.reference },
    ...(order.emailOptIn !== undefined && { emailOptIn: order.emailOptIn }),
  })

/**
 * Places every line of an order.
 *
 * @param capturedAt - RFC 3339; when the money was there, as far as anybody told us.
 */
export const placeOrder = (
  order: OrderSubmitted,
  { provider, reference }: Payment,
  capturedAt: string,
): Placement => ({
  events: [
    capturedDraft(order, { provider, reference }, capturedAt),
    placedDraft(order, order.lines, { provider, reference }),
  ],
  paidWith: [{ provider, reference }],
  placed: order.lines.map((line) => line.lineId),
  lines: lineStates(order.lines, 'paid'),
})
