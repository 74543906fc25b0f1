import { type OrderSubmitted, orderSubmitted } from '@commerce-mesh/contracts'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, callerRoute } from '../http/route.ts'
import { type AcceptParts, acceptOrder, orderEventId } from '../orders/accept-order.ts'
import { DrfRefusal, drfDialect } from './drf-refusal.ts'
import { type FulfillRequest, fulfillBody } from './fulfill-request.ts'

const RECEIVER = 'fulfill_order_placed_send_enroll_in_course'

const fulfilled = z
  .strictObject({
    [RECEIVER]: z.strictObject({
      response: z.string().describe('Task id: the event id of order.submitted.'),
      error: z.literal(false),
    }),
  })
  .meta({ id: 'TitanFulfillAnswer' })

/** What the Coordinator's caller said, as an order of one line. It is paid: the Coordinator was only called then. */
const orderOf = (request: FulfillRequest, submittedBy: string): OrderSubmitted => ({
  orderNumber: request.order_number,
  placedAt: request.date_placed,
  submittedBy,
  channel: 'titan',
  learner: { lmsUserId: request.edx_lms_user_id },
  currency: null,
  total: null,
  lines: [
    {
      lineId: request.course_id,
      kind: 'seat',
      courseId: request.course_id,
      mode: request.course_mode,
      price: null,
      ...(request.provider_id !== null && { creditProvider: request.provider_id }),
    },
  ],
  payment: { status: 'captured', provider: 'titan', reference: null },
  emailOptIn: request.email_opt_in,
})

/** Which internal name a path of the contract stands for. */
const INSIDE: Readonly<Record<string, string>> = {
  orderNumber: 'order_number',
  placedAt: 'date_placed',
  'learner.lmsUserId': 'edx_lms_user_id',
  'lines.0.lineId': 'course_id',
  'lines.0.courseId': 'course_id',
  'lines.0.mode': 'course_mode',
  'lines.0.creditProvider': 'provider_id',
}

/** The contract is narrower than the Coordinator was: it let `course_id: "x"` through to fail later. @throws DrfRefusal 400 */
const demandContract = (order: OrderSubmitted): OrderSubmitted => {
  const parsed = orderSubmitted.data.safeParse(order)
  if (parsed.success) return parsed.data
  const messages = new Map<string, Set<string>>()
  for (const { path, message } of parsed.error.issues) {
    const name = INSIDE[path.join('.')] ?? 'non_field_errors'
    messages.set(name, (messages.get(name) ?? new Set()).add(message))
  }
  throw new DrfRefusal(400, Object.fromEntries([...messages].map(([name, all]) => [name, [...all]])))
}

/**
 * `POST /titan/fulfill/`: request, answers and error texts of the 2023 Coordinator (interop section 7), so that its callers move
 * by changing a host name. Other than its model it never answers 200 for an order that is not durable: that is a 503.
 */
export const fulfill = (parts: AcceptParts & { jsonDepth: number }): Route =>
  callerRoute({
    method: 'POST',
    path: '/titan/fulfill/',
    operation: 'titanFulfill',
    summary:
      'The fulfillment endpoint of the 2023 Commerce Coordinator, for its callers. New callers use POST /v1/orders.',
    access: ['orders:write'],
    body: fulfillBody(parts.jsonDepth),
    dialect: drfDialect,
    answers: { 200: { description: 'The order is durable.', schema: fulfilled } },
    handle: async ({ body, traceparent }, caller) => {
      const order = demandContract(orderOf(body, caller.name))
      const id = orderEventId(order)
      await acceptOrder(parts, order, { id, traceparent })
      return json(200, { [RECEIVER]: { response: id, error: false } })
    },
  })
