import {
  type Context,
  type Link,
  SpanKind as Kinds,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { runAt } from './active-span.ts'
import { epochMs, hrTime } from './clock.ts'
import { isKept } from './sampling.ts'
import { type Span, type SpanEnd, type SpanKind, type Tracer, silentSpan } from './span.ts'
import {
  type TraceContext,
  formatTraceparent,
  isSampled,
  newSpanId,
  newTraceId,
  parseTraceparent,
} from './traceparent.ts'

/** What a recording tracer works with. */
export type RecordingParts = {
  readonly resource: Resource
  readonly version: string
  /** Share of the traces that begin here and are kept, 0 to 1. */
  readonly sampling: number
  /** Takes a span that is over. */
  readonly keep: (span: ReadableSpan) => void
  /** The context in which instrumentations make children of the span. */
  readonly contextOf: (span: ReturnType<typeof trace.wrapSpanContext>) => Context
}

const KINDS: Readonly<Record<SpanKind, Kinds>> = {
  internal: Kinds.INTERNAL,
  server: Kinds.SERVER,
  client: Kinds.CLIENT,
  producer: Kinds.PRODUCER,
  consumer: Kinds.CONSUMER,
}

const SAMPLED = 1

const spanContextOf = (traceId: string, spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: SAMPLED,
})

/** The parents of these are as a rule in another process; a backend may ask. */
const isRemote = (kind: SpanKind): boolean => kind === 'server' || kind === 'consumer'

const parentOf = (traceId: string, spanId: string, kind: SpanKind): SpanContext =>
  isRemote(kind) ? { traceId, spanId, traceFlags: SAMPLED, isRemote: true } : spanContextOf(traceId, spanId)

const WELL = { code: SpanStatusCode.UNSET }

const statusOf = ({ error, reason }: SpanEnd) => {
  if (error === undefined) return WELL
  const code = SpanStatusCode.ERROR
  return reason === undefined ? { code } : { code, message: reason }
}

const NONE: never[] = []
const NO_NEWS: SpanEnd = {}

const linksOf = (traceparents: readonly string[] = NONE): Link[] =>
  traceparents.flatMap((traceparent) => {
    const context = parseTraceparent(traceparent)
    if (context === undefined) return []
    return [{ context: { ...spanContextOf(context.traceId, context.spanId), isRemote: true } }]
  })

/** What is known of a span once it has begun. */
type Begun = {
  readonly kind: SpanKind
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly startedAt: number
  /** Its own: what is known at its end is added. */
  readonly attributes: Record<string, string | number | boolean>
  readonly links: Link[]
}

/**
 * Makes spans of the form that the SDK's processors take, rather than the SDK's own spans: a publish span has its id
 * before it begins, and is sent by whoever carries the outbox out, perhaps another process.
 */
export const createRecordingTracer = (parts: RecordingParts): Tracer => {
  const { resource, keep } = parts
  const instrumentationScope = { name: 'commerce-mesh', version: parts.version }

  // Called for every span that is kept: nothing is copied that need not be.
  const finish = (begun: Begun, ending: SpanEnd): void => {
    const { kind, traceId, parentId, startedAt, attributes } = begun
    const duration = Math.max(0, epochMs() - startedAt)
    const spanContext = spanContextOf(traceId, begun.spanId)
    const more = ending.attributes
    if (more !== undefined) for (const name of Object.keys(more)) attributes[name] = more[name] ?? ''
    if (ending.error !== undefined) attributes['error.type'] = ending.error
    const span = {
      name: begun.name,
      kind: KINDS[kind],
      spanContext: () => spanContext,
      parentSpanContext: parentId === undefined ? undefined : parentOf(traceId, parentId, kind),
      startTime: hrTime(startedAt),
      endTime: hrTime(startedAt + duration),
      duration: hrTime(duration),
      ended: true,
      status: statusOf(ending),
      attributes,
      links: begun.links,
      events: NONE,
      resource,
      instrumentationScope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }
    keep(span as ReadableSpan)
  }

  const newTrace = (): TraceContext => {
    const traceId = newTraceId()
    return { traceId, spanId: newSpanId(), flags: isKept(traceId, parts.sampling) ? '01' : '00' }
  }

  const begin = (begun: Begun, flags: string): Span => {
    const { traceId, spanId } = begun
    let ended = false
    let context: Context | undefined
    const span: Span = {
      traceparent: formatTraceparent({ traceId, spanId, flags }),
      kept: true,
      run: (work) => {
        context ??= parts.contextOf(trace.wrapSpanContext(spanContextOf(traceId, spanId)))
        return runAt({ span, context }, work)
      },
      end: (ending = {}) => {
        if (ended) return
        ended = true
        finish(begun, ending)
      },
    }
    return span
  }

  return {
    start: (kind, name, { parent, attributes, links }) => {
      const above = parseTraceparent(parent)
      const here = above ?? newTrace()
      if (!isSampled(here)) return silentSpan(formatTraceparent(here))
      const { traceId, flags } = here
      const begun = {
        kind,
        name,
        traceId,
        spanId: newSpanId(),
        parentId: above?.spanId,
        startedAt: epochMs(),
        attributes: attributes?.() ?? {},
        links: linksOf(links),
      }
      return begin(begun, flags)
    },
    emit: ({ kind, name, traceparent, parentId, startedAt, attributes }) => {
      const context = parseTraceparent(traceparent)
      if (context === undefined || !isSampled(context)) return
      const { traceId, spanId } = context
      finish(
        { kind, name, traceId, spanId, parentId, startedAt, attributes: attributes(), links: NONE },
        NO_NEWS,
      )
    },
  }
}
