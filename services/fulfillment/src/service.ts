import { orderFulfilled, orderFulfillmentFailed } from '@commerce-mesh/contracts'
import { defineService } from '@commerce-mesh/mesh'
import { grantDeclaration, grantOnOrderPlaced, type LineWatcher } from './enrollment/grant-on-order-placed.ts'
import { initialOrderState, type OrderState } from './enrollment/order-state.ts'
import { fulfillmentOptions, lmsOptionsOf, type FulfillmentOptions } from './options.ts'

/** Turns `order.placed` into enrollments in the LMS, and says what came of it. */
export const fulfillment = defineService<OrderState, FulfillmentOptions>({
  name: 'fulfillment',
  options: fulfillmentOptions,
  handlers: [grantDeclaration],
  emits: [orderFulfilled, orderFulfillmentFailed],
  initialState: initialOrderState,
  concurrency: 16,
  // Loaded only now: whoever reads the declaration alone (validate, graph) needs no HTTP client.
  start: async ({ options, log, metrics, now, tracer }) => {
    const { createLmsClient } = await import('./lms/client.ts')
    const lms = createLmsClient(lmsOptionsOf(options), { metrics, now, tracer })
    const watch: LineWatcher = ({ result, traceId, ...tried }) => {
      const line = { trace_id: traceId, ...tried }
      if (result.verdict === 'granted') log.debug(line, 'line granted')
      else log.warn({ ...line, code: result.code, reason: result.reason }, 'line not granted')
    }
    const grant = grantOnOrderPlaced(lms, { sendEmailOptIn: options.emailOptIn.send, watch })
    return { handlers: [grant], close: () => lms.close() }
  },
})
