import { fromKafka, orderPlaced, parseEvent } from '@commerce-mesh/contracts'
import { fulfillment, fulfillmentOptions } from '@commerce-mesh/fulfillment'
import { type ServiceContext, createMetrics, openKafkaBus, silentTracer } from '@commerce-mesh/mesh'
import type { MeshConfig } from '@commerce-mesh/mesh'
import { pino } from 'pino'
import { serve } from './serve.ts'

// The mesh's Kafka driver and fulfillment's own handler, with nothing between them: order per key and contiguous commits
// are kept, but no inbox, no state, no outbox, no journal. What a handler decides is thrown away.

/** What the measuring process says. */
export type BusOnlySettings = {
  readonly bus: MeshConfig['bus']
  readonly lmsUrl: string
  readonly concurrency: number
}

const { bus: settings, lmsUrl, concurrency } = JSON.parse(process.argv[2] ?? '{}') as BusOnlySettings
if (settings.kafka === undefined) throw new Error('The settings name no Kafka.')
const log = pino({ level: 'warn' })
const bus = await openKafkaBus({ settings: settings.kafka, retentionDays: settings.retentionDays, log })
const options = fulfillmentOptions.parse({
  concurrency,
  lms: { url: lmsUrl, clientId: 'mesh', clientSecret: 'mesh-secret', apiKey: 'mesh-api-key' },
})
const context = { options, log, metrics: createMetrics(), now: () => new Date(), tracer: silentTracer }
const { handlers = [], close } = await fulfillment.start(
  context as unknown as ServiceContext<(typeof context)['options']>,
)
const [handler] = handlers
if (handler === undefined) throw new Error('fulfillment has no handler.')

const subscription = await bus.subscribe({
  group: 'fulfillment',
  topics: [orderPlaced.type],
  concurrency,
  handle: async ({ headers, value }, signal) => {
    const event = parseEvent(orderPlaced, fromKafka(headers, value))
    const traceparent = event.extensions['traceparent'] ?? ''
    const { outcome } = await handler.handle(event as never, fulfillment.initialState(), {
      now: new Date(),
      attempt: 1,
      signal,
      traceparent,
      options: undefined as never,
    })
    if (outcome !== 'done') throw new Error(`The handler decided ${outcome}.`)
  },
})

serve(
  {},
  () => undefined,
  async () => {
    await subscription.close(5_000)
    await bus.close()
    await close?.()
  },
)
