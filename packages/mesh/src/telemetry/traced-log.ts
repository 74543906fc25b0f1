import type { Logger } from 'pino'
import { activeSpan } from './active-span.ts'
import { parseTraceparent } from './traceparent.ts'

/** Fields of a log line, with those by which it is found from its trace; what the line says itself stays. */
const withTrace = (fields: object): object => {
  const span = activeSpan()
  const context = parseTraceparent(span?.traceparent)
  if (span === undefined || context === undefined) return fields
  return { trace_id: context.traceId, ...(span.kept && { span_id: context.spanId }), ...fields }
}

/** A logger of a service: every line that is written within a span names its trace, with or without a collector. */
export const tracedLog = (log: Logger, service: string): Logger =>
  log.child({ service }, { formatters: { log: withTrace } })
