import type { Bus, Subscription } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** What a service's gauges are read from. */
export type Gauged = {
  readonly service: string
  readonly topics: readonly string[]
  readonly store: Store
  readonly bus: Bus
  readonly metrics: Metrics
  readonly subscription: Subscription | undefined
}

/** Reads how much is under way, waits and lags whenever somebody asks for the metrics. */
export const exportGauges = ({ service, topics, store, bus, metrics, subscription }: Gauged): void =>
  metrics.collect(async () => {
    metrics.gauge('mesh_in_flight', { service }, subscription?.inFlight() ?? 0)
    const oldest = subscription?.oldest()
    const behind = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1_000
    metrics.gauge('mesh_lag_seconds', { service }, behind)
    metrics.gauge('mesh_waiting_records', { service }, await store.count(service, { index: 'dueAt' }))
    metrics.gauge('mesh_outbox_pending', { service }, await store.count(service, { index: 'outboxSince' }))
    const lags = Map.groupBy(await bus.lag(service, topics), ({ topic }) => topic)
    for (const topic of topics) {
      const lag = (lags.get(topic) ?? []).reduce((sum, { committed, end }) => sum + end - committed, 0)
      metrics.gauge('mesh_lag_records', { service, topic }, lag)
    }
  })
