import { randomBytes } from 'node:crypto'

/** W3C Trace Context, version 00 (https://www.w3.org/TR/trace-context/#traceparent-header). */
const FORMAT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

const ZERO_TRACE = '0'.repeat(32)
const ZERO_SPAN = '0'.repeat(16)

/** A traceparent taken apart. */
export type TraceContext = { readonly traceId: string; readonly spanId: string; readonly flags: string }

/** Reads a traceparent; undefined where it is missing or not valid, as the specification asks. */
export const parseTraceparent = (header: string | undefined): TraceContext | undefined => {
  const [, traceId, spanId, flags] = FORMAT.exec(header ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  return traceId === ZERO_TRACE || spanId === ZERO_SPAN ? undefined : { traceId, spanId, flags }
}

/** A new span within the parent's trace, or within a new trace where there is no valid parent. */
export const childTraceparent = (parent: string | undefined): string => {
  const context = parseTraceparent(parent)
  const random = randomBytes(24).toString('hex')
  return `00-${context?.traceId ?? random.slice(0, 32)}-${random.slice(32)}-${context?.flags ?? '01'}`
}

/** Trace id of a traceparent, or all zeros. */
export const traceIdOf = (traceparent: string | undefined): string => parseTraceparent(traceparent)?.traceId ?? ZERO_TRACE
