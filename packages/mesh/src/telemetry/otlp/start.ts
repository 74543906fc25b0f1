import { context, trace } from '@opentelemetry/api'
import type { Logger } from 'pino'
import type { TelemetrySettings } from '../../config/schema.ts'
import { pause } from '../../flow/pause.ts'
import type { Metrics } from '../metrics.ts'
import { createRecordingTracer } from '../recording-tracer.ts'
import type { Tracer } from '../span.ts'
import { createCollector } from './collector.ts'
import { contextsOf, registerContext } from './context.ts'
import { instrumentationProvider } from './instrumentation-spans.ts'
import { startMetricSender } from './metric-sender.ts'
import { resourceOf } from './resource.ts'
import { otlpSpanSink } from './span-sink.ts'

const memoized = <T>(make: (name: string) => T): ((name: string) => T) => {
  const made = new Map<string, T>()
  return (name) => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
}

/** Name under which a process sends its metrics: its service's, or the mesh's where several run in it. */
const processName = (services: readonly string[]): string =>
  services.length === 1 && services[0] !== undefined ? services[0] : 'commerce-mesh'

/** Begins to send spans and metrics to the collector at `endpoint`. Everything of the SDK is loaded from here. */
export const startTelemetry = (
  endpoint: string,
  settings: TelemetrySettings,
  {
    log,
    metrics,
    version,
    services,
  }: { log: Logger; metrics: Metrics; version: string; services: readonly string[] },
) => {
  const collector = createCollector(endpoint, settings.headers, log)
  const sink = otlpSpanSink(collector, metrics)
  const resource = memoized((service) => resourceOf(service, version))
  const sender = settings.metrics
    ? startMetricSender(collector, { metrics, version, resource: resource(processName(services)) })
    : undefined
  const ours = registerContext()
  if (ours) trace.setGlobalTracerProvider(instrumentationProvider(resource, sink.keep))

  return {
    tracer: memoized((service): Tracer =>
      createRecordingTracer({
        resource: resource(service),
        version,
        sampling: settings.sampling,
        keep: sink.keep,
        contextOf: contextsOf(service),
      }),
    ),
    close: async (ms: number): Promise<void> => {
      if (ours) {
        context.disable()
        trace.disable()
      }
      const over = new AbortController()
      const flushed = Promise.allSettled([sink.close(), sender?.close()]).then(() => over.abort())
      await Promise.race([flushed, pause(ms, over.signal)])
      collector.close()
    },
  }
}
