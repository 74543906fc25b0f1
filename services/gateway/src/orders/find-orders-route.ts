import type { Store } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { readQuery } from '../http/json-body.ts'
import { type Route, callerRoute } from '../http/route.ts'
import { invalid, unavailable } from '../problem/refusal.ts'
import { type FoundOrders, type OrderClue, lookUpOrders, searchOrders } from './find-orders.ts'

const clueQuery = z.strictObject({
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be a W3C trace id: 32 lower-case hex digits')
    .optional()
    .describe('Orders that this trace passed.'),
  paymentReference: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Orders that name this payment, such as pi_….'),
  eventId: z.string().min(1).max(255).optional().describe('The order that this event is about.'),
})

const foundOrders = z
  .strictObject({
    by: z
      .enum(['traceId', 'paymentReference', 'eventId'])
      .optional()
      .describe('Which of the parameters led to them; missing where none did.'),
    orders: z.array(z.string()).describe('Order numbers, at most 20.'),
  })
  .meta({ id: 'FoundOrders' })

const clueOf = (query: z.output<typeof clueQuery>): OrderClue => {
  const { traceId, paymentReference, eventId } = query
  return {
    ...(traceId !== undefined && { traceId }),
    ...(paymentReference !== undefined && { paymentReference }),
    ...(eventId !== undefined && { eventId }),
  }
}

/** Looks through all orders for one caller at a time: callers who gave up and asked again would pile up here. */
const oneAtATime = (store: Store) => {
  let searching = false
  return async (clue: OrderClue): Promise<FoundOrders> => {
    if (searching)
      throw unavailable('MESH_OVERLOADED', 'All orders are being looked through for somebody else.', 5)
    searching = true
    try {
      return await searchOrders(store, clue)
    } finally {
      searching = false
    }
  }
}

/** `GET /v1/orders?…`: which orders a trace, a payment or an event belongs to. */
export const findOrdersRoute = (store: Store): Route => {
  const search = oneAtATime(store)
  return callerRoute({
    method: 'GET',
    path: '/v1/orders',
    operation: 'findOrders',
    summary:
      'Numbers of the orders that a trace, a payment or an event belongs to. What is in no index is looked for in all orders, which takes its time.',
    access: ['operate'],
    query: clueQuery,
    answers: { 200: { description: 'The orders; none is an answer too.', schema: foundOrders } },
    handle: async ({ query }) => {
      const clue = clueOf(readQuery(clueQuery, query))
      if (Object.keys(clue).length === 0)
        throw invalid('The query string names nothing to look for.', [
          { path: 'traceId', message: 'give this, paymentReference or eventId' },
        ])
      const known = await lookUpOrders(store, clue)
      return json(200, known.orders.length > 0 ? known : await search(clue))
    },
  })
}
