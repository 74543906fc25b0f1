import type { Bus } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** What a service's gauges are read from. */
export type Gauged = {
  readonly service: string
  readonly topics: readonly string[]
  readonly store: Store
  readonly bus: Bus
  readonly metrics: Metrics
  readonly inFlight: () => number
}

/** Reads how much is under way, waits and lags whenever somebody asks for the metrics. */
export const exportGauges = ({ service, topics, store, bus, metrics, inFlight }: Gauged): void =>
  metrics.collect(async () => {
    metrics.gauge('mesh_in_flight', { service }, inFlight())
    metrics.gauge('mesh_waiting_records', { service }, await store.count(service, { index: 'dueAt' }))
    metrics.gauge('mesh_outbox_pending', { service }, await store.count(service, { index: 'outboxSince' }))
    for (const topic of topics) {
      const lag = (await bus.lag(service, [topic])).reduce(
        (sum, { committed, end }) => sum + end - committed,
        0,
      )
      metrics.gauge('mesh_lag_records', { service, topic }, lag)
    }
  })
