// Facts about one order, for the tests of this service.
import {
  type CloudEvent,
  type OrderSubmitted,
  orderSubmitted,
  type PaymentNotified,
  paymentNotified,
} from '@commerce-mesh/contracts'
import type { Handler } from '@commerce-mesh/mesh'
import { given, type Then } from '@commerce-mesh/testing'
import { joinOnOrderSubmitted } from './order/on-order-submitted.ts'
import { joinOnPaymentNotified } from './payment/on-payment-notified.ts'
import { initialPayments, type PaymentsState } from './state.ts'

/** An event of either kind. */
export type Fact = CloudEvent<OrderSubmitted> | CloudEvent<PaymentNotified>

/** A seat in DemoX. */
export const seat = (lineId: string, more: Partial<OrderSubmitted['lines'][number]> = {}) => ({
  lineId,
  kind: 'seat' as const,
  courseId: 'course-v1:edX+DemoX+Demo_Course',
  mode: 'verified',
  price: 14900,
  ...more,
})

/** `order.submitted`: 149.00 USD, waiting for Stripe. */
export const submission = (
  more: Partial<OrderSubmitted> = {},
  id = 'evt-order',
): CloudEvent<OrderSubmitted> => ({
  id,
  source: 'gateway',
  type: orderSubmitted.type,
  extensions: {},
  data: {
    orderNumber: 'EDX-100001',
    placedAt: '2026-01-01T10:00:00Z',
    submittedBy: 'shop',
    channel: 'orders',
    learner: { lmsUserId: 42 },
    currency: 'USD',
    total: 14900,
    lines: [seat('1')],
    payment: { status: 'pending', provider: 'stripe', reference: null },
    ...more,
  },
})

/** `order.submitted` that the storefront says is paid. */
export const paidSubmission = (reference: string | null = 'pi_1', more: Partial<OrderSubmitted> = {}) =>
  submission({ payment: { status: 'captured', provider: 'stripe', reference }, ...more })

/** `order.submitted` as the 2023 Coordinator's endpoint makes it: one line, paid, no price. */
export const titanSubmission = (
  lineId: string,
  more: Partial<OrderSubmitted> = {},
  id = `evt-titan-${lineId}`,
): CloudEvent<OrderSubmitted> =>
  submission(
    {
      channel: 'titan',
      currency: null,
      total: null,
      lines: [seat(lineId, { price: null })],
      payment: { status: 'captured', provider: 'titan', reference: null },
      ...more,
    },
    id,
  )

/** `payment.notified`: Stripe captured 149.00 USD with pi_1. */
export const notification = (
  more: Partial<PaymentNotified> = {},
  id = `evt-${more.kind ?? 'captured'}-${more.reference ?? 'pi_1'}`,
): CloudEvent<PaymentNotified> => ({
  id,
  source: 'gateway',
  type: paymentNotified.type,
  extensions: {},
  data: {
    orderNumber: 'EDX-100001',
    provider: 'stripe',
    notificationId: id,
    notificationType: 'payment_intent.succeeded',
    kind: 'captured',
    reference: 'pi_1',
    amount: 14900,
    currency: 'USD',
    notifiedAt: '2026-01-01T10:00:05Z',
    ...more,
  },
})

const HANDLERS: readonly Handler<PaymentsState>[] = [joinOnOrderSubmitted, joinOnPaymentNotified]

/** Lets the service handle facts in this order; the answer to each. */
export const history = async (facts: readonly Fact[]): Promise<Then<PaymentsState>[]> => {
  const answers: Then<PaymentsState>[] = []
  for (const fact of facts) {
    const handler = HANDLERS.find((one) => one.contract.type === fact.type)
    if (handler === undefined) throw new TypeError(`No handler for ${fact.type}.`)
    answers.push(await given(handler, answers.at(-1)?.state ?? initialPayments()).when(fact))
  }
  return answers
}

/** The answer to the last of these facts. */
export const lastOf = async (...facts: readonly Fact[]): Promise<Then<PaymentsState>> => {
  const last = (await history(facts)).at(-1)
  if (last === undefined) throw new TypeError('A history needs a fact.')
  return last
}

/** Types of the events that an answer emits. */
export const emittedBy = ({ events }: Then<PaymentsState>): string[] => events.map((event) => event.type)
