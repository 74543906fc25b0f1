import { trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { contextsOf } from './otlp/context.ts'
import { createRecordingTracer } from './recording-tracer.ts'
import type { Tracer } from './span.ts'

/** For tests: a tracer whose spans are kept in a list once they are over. */
export const keepingTracer = (sampling = 1): { tracer: Tracer; spans: ReadableSpan[] } => {
  const spans: ReadableSpan[] = []
  const tracer = createRecordingTracer({
    resource: resourceFromAttributes({ 'service.name': 'packing' }),
    version: '1.2.3',
    sampling,
    keep: (span) => void spans.push(span),
    contextOf: contextsOf('packing'),
  })
  return { tracer, spans }
}

/** What a test compares of a span. */
export const shownSpan = ({ name, parentSpanContext, status, attributes, links, ...span }: ReadableSpan) => ({
  name,
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parentId: parentSpanContext?.spanId,
  failed: status.code !== 0,
  attributes,
  links: links.map(({ context }) => context.spanId),
})

/** The span that OpenTelemetry's API takes for the active one. */
export const apiSpanId = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId
