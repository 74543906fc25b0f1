// Facts about one order, for the tests of the view.
import type { CloudEvent, DataOf, EventContract } from '@commerce-mesh/contracts'
import {
  deadLetterRecorded,
  hopRecorded,
  orderFulfilled,
  orderFulfillmentFailed,
  orderPlaced,
  orderSubmitted,
  paymentCaptured,
  paymentNotified,
} from '@commerce-mesh/contracts'
import { given, type Then } from '@commerce-mesh/testing'
import { orderViewHandlers } from './handlers.ts'
import { initialOrderView, type OrderView } from './view.ts'

const ORDER = 'EDX-100001'
const COURSE = 'course-v1:edX+DemoX+Demo_Course'

/** An instant so many milliseconds after the order came. */
export const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1, 10) + ms).toISOString()

/** W3C trace id number n. */
export const traceId = (n: number): string => String(n).padStart(32, '0')

const fact = <C extends EventContract>(
  contract: C,
  id: string,
  ms: number,
  trace: number,
  data: DataOf<C>,
): CloudEvent<DataOf<C>> => ({
  id,
  source: 'sample',
  type: contract.type,
  time: at(ms),
  extensions: { traceparent: `00-${traceId(trace)}-00f067aa0ba902b7-01` },
  data,
})

const named = (lineIds: readonly string[]) =>
  lineIds.map((lineId) => ({ lineId, courseId: COURSE, mode: 'verified' }))
const seats = (lineIds: readonly string[]) =>
  named(lineIds).map((line) => ({ ...line, kind: 'seat' as const, price: 14900 }))
const learner = { lmsUserId: 42, email: 'alice@example.com' }
const price = { currency: 'USD', total: 14900 }

/** `order.submitted`, waiting for Stripe. */
export const submitted = (ms: number, lineIds: readonly string[], by = 'shop') =>
  fact(orderSubmitted, `submitted-${ms}`, ms, 1, {
    orderNumber: ORDER,
    placedAt: '2026-01-01T12:00:00+02:00',
    submittedBy: by,
    channel: 'orders',
    learner,
    ...price,
    lines: seats(lineIds),
    payment: { status: 'pending', provider: 'stripe', reference: null },
  })

/** `payment.notified`; without more: captured. */
export const notified = (ms: number, more: Partial<DataOf<typeof paymentNotified>> = {}) =>
  fact(paymentNotified, `notified-${ms}`, ms, 2, {
    orderNumber: ORDER,
    provider: 'stripe',
    notificationId: 'evt_1',
    notificationType: 'payment_intent.succeeded',
    kind: 'captured',
    reference: 'pi_1',
    amount: 14900,
    currency: 'USD',
    notifiedAt: at(ms),
    ...more,
  })

/** `payment.captured`. */
export const captured = (ms: number, reference: string | null = 'pi_1') =>
  fact(paymentCaptured, `captured-${ms}`, ms, 2, {
    orderNumber: ORDER,
    provider: 'stripe',
    reference,
    ...price,
    capturedAt: at(ms),
  })

/** `order.placed`. */
export const placed = (ms: number, lineIds: readonly string[]) =>
  fact(orderPlaced, `placed-${ms}`, ms, 2, {
    orderNumber: ORDER,
    placedAt: at(0),
    learner,
    ...price,
    lines: seats(lineIds),
    payment: { provider: 'stripe', reference: 'pi_1' },
  })

/** `order.fulfilled`. */
export const fulfilled = (ms: number, lineIds: readonly string[]) =>
  fact(orderFulfilled, `fulfilled-${ms}`, ms, 2, {
    orderNumber: ORDER,
    fulfilledAt: at(ms),
    lines: named(lineIds),
  })

/** `order.fulfillment-failed`. */
export const failed = (ms: number, states: Readonly<Record<string, 'granted' | 'pending' | 'failed'>>) =>
  fact(orderFulfillmentFailed, `failed-${ms}`, ms, 2, {
    orderNumber: ORDER,
    failedAt: at(ms),
    lines: Object.entries(states).map(([lineId, state]) => ({
      lineId,
      courseId: COURSE,
      mode: 'verified',
      state,
    })),
  })

/** A journal record; without more: fulfillment is done with `placed-30`. */
export const hop = (ms: number, more: Partial<DataOf<typeof hopRecorded>> = {}, id = `hop-${ms}`) =>
  fact(hopRecorded, id, ms + 1, 2, {
    key: ORDER,
    eventId: 'placed-30',
    eventType: orderPlaced.type,
    service: 'fulfillment',
    handler: 'grant-on-order-placed',
    outcome: 'done',
    attempt: 1,
    startedAt: at(ms),
    durationMs: 1.5,
    traceId: traceId(2),
    caused: [],
    ...more,
  })

/** A dead letter; without more: fulfillment gave up on `placed-30`. */
export const letter = (ms: number, more: Partial<DataOf<typeof deadLetterRecorded>> = {}) =>
  fact(deadLetterRecorded, `letter-${ms}`, ms + 1, 2, {
    deadLetterId: 'dl-1',
    key: ORDER,
    service: 'fulfillment',
    handler: 'grant-on-order-placed',
    class: 'permanent',
    code: 'MESH_HANDLER_THREW',
    reason: 'The course has no such mode.',
    attempts: 1,
    eventId: 'placed-30',
    eventType: orderPlaced.type,
    topic: orderPlaced.type,
    recordedAt: at(ms),
    ...more,
  })

/** What each fact did to the view, in this order of arrival; without more: to an empty one. */
export const history = async (
  facts: readonly CloudEvent[],
  view: OrderView = initialOrderView(),
): Promise<Then<OrderView>[]> => {
  const answers: Then<OrderView>[] = []
  for (const event of facts) {
    const handler = orderViewHandlers.find(({ contract }) => contract.type === event.type)
    if (handler === undefined) throw new TypeError(`No handler for ${event.type}.`)
    answers.push(await given(handler, answers.at(-1)?.state ?? view).when(event))
  }
  return answers
}

/** The view after these facts. */
export const viewOf = async (...facts: readonly CloudEvent[]): Promise<OrderView> =>
  (await history(facts)).at(-1)?.state ?? initialOrderView()

/** An order from submission to enrollment, with one retry. */
export const WHOLE_ORDER: readonly CloudEvent[] = [
  submitted(0, ['1', '2']),
  hop(5, {
    eventId: 'submitted-0',
    eventType: orderSubmitted.type,
    service: 'payments',
    lines: { '1': 'submitted', '2': 'submitted' },
  }),
  notified(20),
  hop(25, {
    eventId: 'notified-20',
    eventType: paymentNotified.type,
    service: 'payments',
    caused: [
      { id: 'captured-30', type: paymentCaptured.type },
      { id: 'placed-30', type: orderPlaced.type },
    ],
    lines: { '1': 'paid', '2': 'paid' },
  }),
  captured(30),
  placed(30, ['1', '2']),
  hop(40, {
    outcome: 'retry',
    code: 'MESH_HANDLER_THREW',
    reason: 'reset',
    nextAttemptAt: at(90),
    lines: { '1': 'granted', '2': 'pending' },
  }),
  hop(90, {
    attempt: 2,
    lines: { '1': 'granted', '2': 'granted' },
    caused: [{ id: 'fulfilled-95', type: orderFulfilled.type }],
  }),
  fulfilled(95, ['1', '2']),
]

/** An order that failed, was redriven, and got fulfilled. */
export const REDRIVEN_ORDER: readonly CloudEvent[] = [
  submitted(0, ['1']),
  captured(30),
  placed(30, ['1']),
  hop(40, {
    outcome: 'dead',
    code: 'MESH_HANDLER_THREW',
    reason: 'The course has no such mode.',
    lines: { '1': 'failed' },
  }),
  failed(40, { '1': 'failed' }),
  letter(40),
  hop(500, { attempt: 2, lines: { '1': 'granted' } }),
  fulfilled(501, ['1']),
]
