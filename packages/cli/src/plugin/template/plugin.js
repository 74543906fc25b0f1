// @ts-check
import { defineEvent, instant, orderFulfilled, orderNumber } from '@commerce-mesh/contracts'
import { definePlugin, defineService, done, emit, on, suppressed } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'

/** The plugin's own event. Its owner is the service that emits it; its key keeps the events of one order in order. */
export const recorded = defineEvent({
  name: 'your-plugin.recorded',
  version: 1,
  owner: 'your-plugin',
  summary: 'The plugin has taken note of a fulfilled order.',
  key: (data) => data.orderNumber,
  data: z.strictObject({ orderNumber, recordedAt: instant, lines: z.int().min(1) }),
  examples: [{ orderNumber: 'EDX-100001', recordedAt: '2026-01-02T03:04:05Z', lines: 1 }],
})

/** What a route of mesh.yaml may set for the handler. */
const options = z.strictObject({
  least: z.int().min(1).default(1).describe('Orders with fewer lines are left alone.'),
})

/**
 * Takes note of each fulfilled order, once. A handler decides and does nothing else: it gets the event and what the plugin
 * remembers of this order, and answers with what to remember and what to emit.
 */
export const recordOnOrderFulfilled = on(
  orderFulfilled,
  'record-on-order-fulfilled',
  /** @param {{ recorded: boolean }} state */
  (event, state, { now, options: { least } }) => {
    const { orderNumber: number, lines } = event.data
    if (state.recorded) return suppressed('recorded before')
    if (lines.length < least) return suppressed(`fewer than ${least} lines`)
    return done({ recorded: true }, [
      emit(recorded, { orderNumber: number, recordedAt: now.toISOString(), lines: lines.length }),
    ])
  },
  { options, emits: [recorded], reads: ['orderNumber', 'lines'], pure: true },
)

const service = defineService({
  name: 'your-plugin',
  // The plugin's section in mesh.yaml: services.your-plugin
  options: z.strictObject({
    concurrency: z.int().min(1).max(1_000).default(8).describe('Orders handled at once.'),
  }),
  handlers: [recordOnOrderFulfilled],
  emits: [recorded],
  initialState: () => ({ recorded: false }),
  concurrency: 8,
})

export default definePlugin({
  name: 'your-plugin',
  runtime: '0.1',
  contracts: [recorded],
  services: [service],
})
