import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import type { Resource } from '@opentelemetry/resources'
import {
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import { epochMs, hrTime } from '../clock.ts'
import type { Metrics } from '../metrics.ts'
import { type Collector, EXPORTED } from './collector.ts'
import { toMetricData } from './metric-bridge.ts'

const EVERY_MS = 30_000

/** Sends the process's metrics from time to time. */
export type MetricSender = { close(): Promise<void> }

const producerOf = (metrics: Metrics, resource: Resource, version: string): MetricProducer => {
  const startTime = hrTime(epochMs())
  const scope = { name: 'commerce-mesh', version }
  return {
    collect: async () => {
      const snapshot = await metrics.snapshot()
      const data = toMetricData(snapshot, { startTime, endTime: hrTime(epochMs()) })
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics: data }] }, errors: [] }
    },
  }
}

const watched = (exporter: PushMetricExporter, failed: Collector['failed']): PushMetricExporter => ({
  export: (metrics, done) =>
    exporter.export(metrics, (result) => {
      const count = metrics.scopeMetrics.reduce((sum, scope) => sum + scope.metrics.length, 0)
      if (result.code !== EXPORTED) failed('metrics', count, result.error)
      done(result)
    }),
  forceFlush: () => exporter.forceFlush(),
  shutdown: () => exporter.shutdown(),
})

/** Sends what the registry behind `/metrics` holds, every 30 seconds and once more at the end: one source, two ways out. */
export const startMetricSender = (
  collector: Collector,
  { metrics, resource, version }: { metrics: Metrics; resource: Resource; version: string },
): MetricSender => {
  const reader = new PeriodicExportingMetricReader({
    exporter: watched(new OTLPMetricExporter(collector.exporter('metrics')), collector.failed),
    exportIntervalMillis: EVERY_MS,
    metricProducers: [producerOf(metrics, resource, version)],
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  return { close: () => provider.shutdown() }
}
