import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { Metrics } from '../metrics.ts'
import { type Collector, EXPORTED } from './collector.ts'

/** Spans held at once, queued and being sent: about 8 MB. What comes beyond is dropped and counted (promise 9). */
const MOST = 8_192
const BATCH = 512
/** A span is seen in the collector about this much later. */
const DELAY_MS = 1_000

/** Takes spans that are over and sends them in batches. Never blocks, never throws. */
export type SpanSink = {
  keep(span: ReadableSpan): void
  /** Sends what is left. */
  close(): Promise<void>
}

/** Makes a sink over an exporter. */
export const createSpanSink = (
  exporter: SpanExporter,
  { metrics, failed, most = MOST }: { metrics: Metrics; failed: Collector['failed']; most?: number },
): SpanSink => {
  let held = 0
  const drop = (reason: string, count: number) => metrics.count('mesh_spans_dropped_total', { reason }, count)

  const watched: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        held -= spans.length
        if (result.code !== EXPORTED) {
          drop('not_sent', spans.length)
          failed('spans', spans.length, result.error)
        }
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
  const processor = new BatchSpanProcessor({
    exporter: watched,
    maxQueueSize: most,
    maxExportBatchSize: Math.min(BATCH, most),
    scheduledDelayMillis: DELAY_MS,
  })
  return {
    keep: (span) => {
      if (held >= most) return drop('queue_full', 1)
      held++
      processor.onEnd(span)
    },
    close: () => processor.shutdown(),
  }
}

/** A sink that sends to the collector by OTLP/HTTP. */
export const otlpSpanSink = (collector: Collector, metrics: Metrics): SpanSink =>
  createSpanSink(new OTLPTraceExporter(collector.exporter('traces')), { metrics, failed: collector.failed })
