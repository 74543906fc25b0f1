import { randomBytes } from 'node:crypto'

/** W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header); only versions after 00 may have more fields. */
const FORMAT = /^(?!ff|00-.{52}-)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** `sampled` and `random-trace-id`; a flag without a meaning must not be passed on. */
const KNOWN_FLAGS = 0x03
const SAMPLED = 0x01

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

// Random bytes are asked of the operating system in pages: one call for each id showed as 7 % of the intake.
const PAGE = 8_192
const TRACE_BYTES = 16
const SPAN_BYTES = 8
let page = Buffer.alloc(0)
let used = 0

const randomHex = (bytes: number): string => {
  if (used + bytes > page.length) {
    page = randomBytes(PAGE)
    used = 0
  }
  used += bytes
  return page.toString('hex', used - bytes, used)
}

/** A new trace id, 32 hex digits. */
export const newTraceId = (): string => randomHex(TRACE_BYTES)

/** A new span id, 16 hex digits. */
export const newSpanId = (): string => randomHex(SPAN_BYTES)

const passedOn = (flags: string): string =>
  (Number.parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, '0')

/** Writes a traceparent. Flags that the specification has not defined are left out. */
export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${passedOn(flags)}`

/** Whether whoever began the trace keeps it: the flag `sampled`. */
export const isSampled = ({ flags }: Pick<TraceContext, 'flags'>): boolean =>
  (Number.parseInt(flags, 16) & SAMPLED) !== 0

/** A new span within the parent's trace, or within a new trace where there is no valid parent. */
export const childTraceparent = (parent: string | undefined): string => {
  const context = parseTraceparent(parent)
  return formatTraceparent({
    traceId: context?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    flags: context?.flags ?? '01',
  })
}

/**
 * The parent's context handed on as it is, as the specification asks of who records nothing: whoever is asked next
 * hangs below a span that exists. Without a valid parent a trace begins.
 */
export const handedOn = (parent: string | undefined): string => {
  const context = parseTraceparent(parent)
  return context === undefined ? childTraceparent(undefined) : formatTraceparent(context)
}

const mixed = (one: string, other: string): string =>
  ((Number.parseInt(one, 16) ^ Number.parseInt(other, 16)) >>> 0).toString(16).padStart(8, '0')

/**
 * The span below `parent` that stands for publishing an event: the same for the same two.
 *
 * @param parent - a valid traceparent.
 * @param eventId - as `derivedId` makes it. Its digits are a hash's, so mixing them with the parent's is as good as a hash of both.
 */
export const publishSpan = (parent: string, eventId: string): string => {
  const context = parseTraceparent(parent)
  if (context === undefined) return childTraceparent(undefined)
  const { spanId } = context
  const first = mixed(spanId.slice(0, 8), eventId.slice(0, 8))
  const second = mixed(spanId.slice(8), eventId.slice(-8))
  return formatTraceparent({ ...context, spanId: first + second })
}

/** Trace id of a traceparent, or all zeros. */
export const traceIdOf = (traceparent: string | undefined): string =>
  parseTraceparent(traceparent)?.traceId ?? ZERO_TRACE
