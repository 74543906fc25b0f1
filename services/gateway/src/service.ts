import { orderSubmitted, paymentNotified } from '@commerce-mesh/contracts'
import { defineService } from '@commerce-mesh/mesh'
import { callersCollection } from './auth/api-key.ts'
import { idempotencyCollection } from './idempotency/idempotency.ts'
import { type GatewayOptions, gatewayOptions } from './options.ts'
import { type OrderView, initialOrderView, orderViewHandlers } from './order-view/index.ts'

/** The only public edge: checks who calls, makes orders and notifications durable, answers where an order is. */
export const gateway = defineService<OrderView, GatewayOptions>({
  name: 'gateway',
  options: gatewayOptions,
  handlers: orderViewHandlers,
  emits: [orderSubmitted, paymentNotified],
  collections: [callersCollection, idempotencyCollection],
  indexes: { traceId: 'trace.traceId', paymentReference: 'payment.reference' },
  initialState: initialOrderView,
  journaled: false,
  servesSources: true,
  // Few at once: under load the intake comes first and the view follows a little later.
  concurrency: 16,
  // Loaded only now: whoever reads the declaration alone (validate, graph) needs no server.
  start: async (context) => {
    const [{ demandKeySource }, { createGatewayEdge }] = await Promise.all([
      import('./auth/jwk-set.ts'),
      import('./edge/gateway-edge.ts'),
    ])
    await demandKeySource(context.options.jwt.jwks)
    return { edge: createGatewayEdge(context) }
  },
})
