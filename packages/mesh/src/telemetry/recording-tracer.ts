import { type Context, type Link, SpanKind as Kinds, SpanStatusCode, trace } from '@opentelemetry/api'
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

const TRACE_FLAGS_SAMPLED = 1

const spanContextOf = (traceId: string, spanId: string, isRemote: boolean) => ({
  traceId,
  spanId,
  traceFlags: TRACE_FLAGS_SAMPLED,
  ...(isRemote && { isRemote }),
})

const linksOf = (traceparents: readonly string[] = []): Link[] =>
  traceparents.flatMap((traceparent) => {
    const context = parseTraceparent(traceparent)
    return context === undefined ? [] : [{ context: spanContextOf(context.traceId, context.spanId, true) }]
  })

type Finished = {
  readonly kind: SpanKind
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly startedAt: number
  /** Its own: what the ending says is added. */
  readonly attributes: Record<string, string | number | boolean>
  readonly links: Link[]
  readonly ending: SpanEnd
}

/**
 * Makes spans of the form that the SDK's processors take, rather than the SDK's own spans: a publish span has its id
 * before it begins, and is sent by whoever carries the outbox out, perhaps another process.
 */
export const createRecordingTracer = (parts: RecordingParts): Tracer => {
  const { resource, keep } = parts
  const instrumentationScope = { name: 'commerce-mesh', version: parts.version }

  const finish = ({ kind, name, traceId, spanId, parentId, startedAt, links, ...rest }: Finished): void => {
    const { error, reason, attributes } = rest.ending
    const spanContext = spanContextOf(traceId, spanId, false)
    const duration = Math.max(0, epochMs() - startedAt)
    keep({
      name,
      kind: KINDS[kind],
      spanContext: () => spanContext,
      ...(parentId !== undefined && {
        parentSpanContext: spanContextOf(traceId, parentId, kind === 'server' || kind === 'consumer'),
      }),
      startTime: hrTime(startedAt),
      endTime: hrTime(startedAt + duration),
      duration: hrTime(duration),
      ended: true,
      status:
        error === undefined
          ? { code: SpanStatusCode.UNSET }
          : { code: SpanStatusCode.ERROR, ...(reason !== undefined && { message: reason }) },
      attributes: Object.assign(rest.attributes, attributes, error !== undefined && { 'error.type': error }),
      links,
      events: [],
      resource,
      instrumentationScope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    })
  }

  const newTrace = (): TraceContext => {
    const traceId = newTraceId()
    return { traceId, spanId: newSpanId(), flags: isKept(traceId, parts.sampling) ? '01' : '00' }
  }

  const begin = (
    { traceId, flags }: TraceContext,
    begun: Pick<Finished, 'kind' | 'name' | 'parentId' | 'attributes' | 'links'>,
  ): Span => {
    const spanId = newSpanId()
    const startedAt = epochMs()
    let ended = false
    let context: Context | undefined
    const span: Span = {
      traceparent: formatTraceparent({ traceId, spanId, flags }),
      kept: true,
      run: (work) => {
        context ??= parts.contextOf(trace.wrapSpanContext(spanContextOf(traceId, spanId, false)))
        return runAt({ span, context }, work)
      },
      end: (ending = {}) => {
        if (ended) return
        ended = true
        finish({ ...begun, traceId, spanId, startedAt, ending })
      },
    }
    return span
  }

  return {
    start: (kind, name, { parent, attributes, links }) => {
      const above = parseTraceparent(parent)
      const here = above ?? newTrace()
      if (!isSampled(here)) return silentSpan(formatTraceparent(here))
      const given = { kind, name, attributes: { ...attributes?.() }, links: linksOf(links) }
      return begin(here, { ...given, parentId: above?.spanId })
    },
    emit: ({ kind, name, traceparent, parentId, startedAt, attributes }) => {
      const context = parseTraceparent(traceparent)
      if (context === undefined || !isSampled(context)) return
      const { traceId, spanId } = context
      const made = { traceId, spanId, parentId, startedAt, attributes: { ...attributes() } }
      finish({ kind, name, ...made, links: [], ending: {} })
    },
  }
}
