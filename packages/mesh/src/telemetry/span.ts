import { runAt } from './active-span.ts'
import { handedOn } from './traceparent.ts'

/** What a span is to its parent, as OpenTelemetry names it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** What is known of a span. No personal data (promise 11). */
export type Attributes = Record<string, string | number | boolean>

/** How a span begins. */
export type SpanStart = {
  /** traceparent of what caused it; without a valid one a trace begins here, and is kept or not. */
  readonly parent?: string | undefined
  /** Asked for only where the span is kept. The object is the span's from then on. */
  readonly attributes?: () => Attributes
  /** traceparents of what it has to do with besides its parent. */
  readonly links?: readonly string[]
}

/** How a span ends. */
export type SpanEnd = {
  /** Kind of failure, for `error.type`: a MESH_* code, an HTTP status, the name of an error. Absent: all is well. */
  readonly error?: string
  /** What happened, for people. */
  readonly reason?: string
  readonly attributes?: Readonly<Attributes>
}

/** A piece of work, as traces show it. */
export type Span = {
  /** W3C traceparent: hand it to whatever the work causes. */
  readonly traceparent: string
  /** Whether the span is sent. Where it is not, nothing needs to be worked out for it. */
  readonly kept: boolean
  /** Runs work with this span as the active one: log lines name it, and spans of instrumentations hang below it. */
  run<T>(work: () => T): T
  /** A second end changes nothing. */
  end(ending?: SpanEnd): void
}

/** A span whose id was given away before it was over, and perhaps by another process. */
export type PlannedSpan = {
  readonly kind: SpanKind
  readonly name: string
  /** Its own. */
  readonly traceparent: string
  /** Id of its parent, 16 hex digits. */
  readonly parentId: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly attributes: () => Attributes
}

/** Makes the spans of one service. */
export type Tracer = {
  start(kind: SpanKind, name: string, start: SpanStart): Span
  /** Sends a span that was planned; it ends now. */
  emit(span: PlannedSpan): void
}

/** A span that is not sent, with its trace context. */
export const silentSpan = (traceparent: string): Span => {
  const span: Span = {
    traceparent,
    kept: false,
    run: (work) => runAt({ span }, work),
    end: () => {},
  }
  return span
}

/** Sends nothing and hands trace context on: without a collector, and for work that is not worth a span. */
export const silentTracer: Tracer = {
  start: (_kind, _name, { parent }) => silentSpan(handedOn(parent)),
  emit: () => {},
}
