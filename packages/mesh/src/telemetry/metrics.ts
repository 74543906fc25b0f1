import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** The process's metrics, in Prometheus' text form at `/metrics`. Names: docs/architecture.md. */
export type Metrics = {
  /** Adds 1 (or `by`) to a counter; `name` ends in `_total`. */
  count(name: string, labels: Readonly<Record<string, string>>, by?: number): void
  /** Sets a gauge. */
  gauge(name: string, labels: Readonly<Record<string, string>>, value: number): void
  /** Takes a gauge's value away until it is set again: no value is better than one that is no longer true. */
  forget(name: string, labels: Readonly<Record<string, string>>): void
  /** Observes seconds in a histogram; `name` ends in `_seconds`. */
  observe(name: string, labels: Readonly<Record<string, string>>, seconds: number): void
  /** Asks `read` for a value whenever the metrics are read. */
  collect(refresh: () => Promise<void> | void): void
  /** Prometheus text exposition format. */
  text(): Promise<string>
  readonly contentType: string
  /** The same as values, for whoever sends them in another form. */
  snapshot(): Promise<readonly MetricSnapshot[]>
}

/** One metric with everything that was measured. */
export type MetricSnapshot = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  /** Of a histogram: `metricName` ends in `_bucket` (with the label `le`), `_sum` or `_count`. */
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string | number>>
    readonly metricName?: string
  }[]
}

/** What each metric means; one entry per name, so that nothing is exported without a description. */
export const METRICS: Readonly<Record<string, { help: string; labels: readonly string[] }>> = {
  mesh_http_requests_total: {
    help: 'Requests answered by the gateway.',
    labels: ['route', 'method', 'status'],
  },
  mesh_http_request_seconds: { help: 'Time to answer a request.', labels: ['route', 'method'] },
  mesh_accepted_total: { help: 'Events made durable at the edge.', labels: ['type', 'channel'] },
  mesh_webhook_ignored_total: {
    help: 'Provider notifications that concern no order.',
    labels: ['source', 'reason'],
  },
  mesh_records_total: {
    help: 'Records settled by a handler, by outcome.',
    labels: ['service', 'type', 'outcome'],
  },
  mesh_handle_seconds: { help: 'Time of one attempt of a handler.', labels: ['service', 'handler'] },
  mesh_in_flight: { help: 'Records being handled now.', labels: ['service'] },
  mesh_lag_records: {
    help: 'Records on the topic behind the offset that the whole group has committed.',
    labels: ['service', 'topic'],
  },
  mesh_lag_seconds: {
    help: 'Age of the oldest record that this process fetched and has not finished.',
    labels: ['service'],
  },
  mesh_waiting_records: { help: 'Keys whose records wait for a retry.', labels: ['service'] },
  mesh_dead_letters: { help: 'Dead letters that wait for a person.', labels: ['class'] },
  mesh_outbox_pending: { help: 'Aggregates whose outbox is not published yet.', labels: ['service'] },
  mesh_breaker_open: { help: '1 while the breaker holds the service back.', labels: ['service'] },
  mesh_drift_records: {
    help: 'Records without a recorded fate at the last audit; must be 0.',
    labels: ['service'],
  },
  mesh_lms_requests_total: { help: 'Calls to the LMS.', labels: ['operation', 'status'] },
  mesh_lms_request_seconds: { help: 'Time of a call to the LMS.', labels: ['operation'] },
  mesh_spans_dropped_total: {
    help: 'Spans that the collector did not get: the queue was full, or sending failed.',
    labels: ['reason'],
  },
}

/** How long a scraper waits for fresh gauges. */
const REFRESH_WITHIN_MS = 3_000

const patience = () => new Promise<void>((resolve) => void setTimeout(resolve, REFRESH_WITHIN_MS).unref())

const described = (name: string) => {
  const entry = METRICS[name]
  if (entry === undefined) throw new TypeError(`Metric '${name}' is not described in METRICS.`)
  return { name, help: entry.help, labelNames: [...entry.labels] }
}

const memoize = <T>(make: (name: string) => T) => {
  const made = new Map<string, T>()
  return (name: string): T => {
    const known = made.get(name)
    if (known !== undefined) return known
    const fresh = make(name)
    made.set(name, fresh)
    return fresh
  }
}

/** Makes a registry of its own, so that several meshes may live in one process (tests). */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counter = memoize((name) => new Counter({ ...described(name), registers }))
  const gauge = memoize((name) => new Gauge({ ...described(name), registers }))
  const histogram = memoize(
    (name) =>
      new Histogram({
        ...described(name),
        registers,
        buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      }),
  )
  const refreshers: (() => Promise<void> | void)[] = []
  // While an engine is down its gauges are missing or late; everything else is wanted all the more.
  const refreshed = () =>
    Promise.race([Promise.allSettled(refreshers.map(async (refresh) => refresh())), patience()])
  return {
    count: (name, labels, by = 1) => counter(name).inc(labels, by),
    gauge: (name, labels, value) => gauge(name).set(labels, value),
    forget: (name, labels) => gauge(name).remove(labels),
    observe: (name, labels, seconds) => histogram(name).observe(labels, seconds),
    collect: (refresh) => void refreshers.push(refresh),
    text: async () => {
      await refreshed()
      return registry.metrics()
    },
    contentType: registry.contentType,
    snapshot: async () => {
      await refreshed()
      return (await registry.getMetricsAsJSON()) as unknown as readonly MetricSnapshot[]
    },
  }
}
