import type { Bus, Subscription } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import { collectFrom } from '../telemetry/engine-gauges.ts'
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

/**
 * Reads how much is under way, waits and lags whenever somebody asks for the metrics; each on its own, so that a store
 * that is down hides nothing of the bus.
 */
export const exportGauges = ({ service, topics, store, bus, metrics, subscription }: Gauged): void => {
  metrics.collect(() => {
    metrics.gauge('mesh_in_flight', { service }, subscription?.inFlight() ?? 0)
    const oldest = subscription?.oldest()
    const behind = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1_000
    metrics.gauge('mesh_lag_seconds', { service }, behind)
  })
  const countOf = (index: string) => async () => [
    { labels: { service }, value: await store.count(service, { index }) },
  ]
  collectFrom(metrics, 'mesh_waiting_records', countOf('dueAt'))
  collectFrom(metrics, 'mesh_outbox_pending', countOf('outboxSince'))
  collectFrom(metrics, 'mesh_lag_records', async () => {
    const lags = Map.groupBy(await bus.lag(service, topics), ({ topic }) => topic)
    return topics.map((topic) => ({
      labels: { service, topic },
      value: (lags.get(topic) ?? []).reduce((sum, { committed, end }) => sum + end - committed, 0),
    }))
  })
}
