import type { OrderSubmitted } from '@commerce-mesh/contracts'
import type { Store } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type Answer, json } from '../http/answer.ts'
import { jsonBody } from '../http/json-body.ts'
import { type Route, callerRoute } from '../http/route.ts'
import { once } from '../idempotency/idempotency.ts'
import { idempotencyKeyOf } from '../idempotency/idempotency-key.ts'
import { type AcceptParts, acceptOrder, orderEventId } from './accept-order.ts'
import { demandPlausibleDate, orderRequest } from './order-request.ts'

const orderAccepted = z
  .strictObject({
    orderNumber: z.string(),
    eventId: z.string().describe('Id of order.submitted; the same request again has the same one.'),
    links: z.strictObject({ self: z.string().describe('Where the status of the order is.') }),
  })
  .meta({ id: 'OrderAccepted' })

const submitHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .max(255)
    .optional()
    .describe('draft-ietf-httpapi-idempotency-key-header. Kept for 24 hours.'),
})

const accepted = (orderNumber: string, eventId: string): Answer => {
  const self = `/v1/orders/${encodeURIComponent(orderNumber)}`
  return json(202, { orderNumber, eventId, links: { self } }, { location: self })
}

/** `POST /v1/orders`: 202 once the order is durable; an Idempotency-Key makes a repetition answer alike. */
export const submitOrder = (
  parts: AcceptParts & { store: Store; now: () => Date; jsonDepth: number },
): Route =>
  callerRoute({
    method: 'POST',
    path: '/v1/orders',
    operation: 'submitOrder',
    summary: 'Hands in an order. Answers once it is durable. Sending the same again is safe.',
    access: ['orders:write'],
    headers: submitHeaders,
    body: jsonBody(orderRequest, parts.jsonDepth),
    answers: {
      202: { description: 'The order is durable.', schema: orderAccepted },
      409: { description: 'The first request with this Idempotency-Key is still running.' },
    },
    handle: async ({ body, headers, traceparent }, caller) => {
      demandPlausibleDate(body, parts.now())
      const order: OrderSubmitted = { ...body, submittedBy: caller.name, channel: 'orders' }
      const id = orderEventId(order)
      const accept = async () => {
        await acceptOrder(parts, order, { id, traceparent })
        return accepted(order.orderNumber, id)
      }
      const key = idempotencyKeyOf(headers['idempotency-key'])
      if (key === undefined) return await accept()
      return await once(
        parts.store,
        { caller: caller.name, key, fingerprint: id },
        () => parts.now().getTime(),
        accept,
      )
    },
  })
