import { randomBytes } from 'node:crypto'

/** W3C Trace Context (https://www.w3.org/TR/trace-context/#traceparent-header); only versions after 00 may have more fields. */
const FORMAT = /^(?!ff|00-.{52}-)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** `sampled` and `random-trace-id`; a flag without a meaning must not be passed on. */
const KNOWN_FLAGS = 0x03

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
const SPAN_BYTES = 24
let page = Buffer.alloc(0)
let used = 0

const randomHex = (): string => {
  if (used + SPAN_BYTES > page.length) {
    page = randomBytes(PAGE)
    used = 0
  }
  used += SPAN_BYTES
  return page.toString('hex', used - SPAN_BYTES, used)
}

const passedOn = (flags: string): string =>
  (Number.parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, '0')

/** A new span within the parent's trace, or within a new trace where there is no valid parent. */
export const childTraceparent = (parent: string | undefined): string => {
  const context = parseTraceparent(parent)
  const random = randomHex()
  return `00-${context?.traceId ?? random.slice(0, 32)}-${random.slice(32)}-${passedOn(context?.flags ?? '01')}`
}

/** Trace id of a traceparent, or all zeros. */
export const traceIdOf = (traceparent: string | undefined): string =>
  parseTraceparent(traceparent)?.traceId ?? ZERO_TRACE
