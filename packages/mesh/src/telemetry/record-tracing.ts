import type { CloudEvent, EventContract } from '@commerce-mesh/contracts'
import type { HeldRecord, OutboxEntry } from '../aggregate/document.ts'
import type { BusRecord, TopicPartition } from '../bus/bus.ts'
import { Revoked } from '../service/call.ts'
import { activeSpan } from './active-span.ts'
import { errorTypeOf } from './error-type.ts'
import { isPersonalKey, messageAttributes } from './messaging.ts'
import { type Span, type SpanEnd, type Tracer, silentTracer } from './span.ts'

/** What became of a record while a span stood for it. */
type Settled = {
  /** `done`, `suppressed`, `retry`, `dead`; or `duplicate`, `waiting` (behind its key), `held-back` (by the breaker). */
  readonly outcome: string
  /** 1 for the first call of the handler; absent where it was not asked. */
  readonly attempt?: number
  /** A MESH_* code, where it went wrong. */
  readonly code?: string
  readonly reason?: string
}

/** One delivery of a record. One span stands for its work at a time; it begins when somebody asks for it. */
export type Processing = {
  span(): Span
  /** Runs work within the span. */
  run<T>(work: () => T): T
  /** Says what became of the record; the span goes on until the delivery ends. */
  note(settled: Settled): void
  /** Ends the span here: what follows may be hours away, and has a span of its own. */
  pause(settled: Settled): void
}

/** A record that is processed; without what it says where it can't be decoded. */
type Processed = {
  readonly record: Pick<HeldRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'trace'> | BusRecord
  readonly understood?: {
    readonly event: CloudEvent
    readonly key: string
    readonly handler: { readonly name: string; readonly contract: EventContract }
  }
}

/** How the records of one service are traced. */
export type RecordTracing = {
  /** Runs the delivery of a record within its span. */
  process<T>(processed: Processed, work: (processing: Processing) => Promise<T>): Promise<T>
  /** Sends the spans that were planned when these events were sealed, now that they are on the bus. */
  published(entries: readonly OutboxEntry[], places: readonly TopicPartition[]): void
}

/** A redriven record has a trace of its own; any other belongs to its event's, or to its producer's. */
const originOf = ({ record }: Processed) => {
  const trace = 'trace' in record ? record.trace : undefined
  const { ce_traceparent: event, traceparent: producer } = record.headers
  if (trace === undefined) return { parent: event ?? producer }
  return { parent: trace.parent, ...(trace.link !== undefined && { links: [trace.link] }) }
}

const endingOf = ({ outcome, attempt, code, reason }: Settled): SpanEnd => ({
  attributes: { 'mesh.outcome': outcome, ...(attempt !== undefined && { 'mesh.attempt': attempt }) },
  ...(code !== undefined && { error: code }),
  ...(reason !== undefined && { reason }),
})

const failureOf = (thrown: unknown): Settled => {
  if (thrown instanceof Revoked) return { outcome: 'revoked' }
  return { outcome: 'uncommitted', code: errorTypeOf(thrown) }
}

const process = async <T>(begin: () => Span, work: (processing: Processing) => Promise<T>): Promise<T> => {
  let open: Span | undefined
  // Somebody else was faster: what was done here counts for nothing, and is done again.
  let settled: Settled = { outcome: 'conflict' }
  const span = () => (open ??= begin())
  const processing: Processing = {
    span,
    run: (inner) => {
      const current = span()
      return activeSpan() === current ? inner() : current.run(inner)
    },
    note: (news) => {
      settled = news
    },
    pause: (news) => {
      open?.end(endingOf(news))
      open = undefined
    },
  }
  try {
    return await processing.run(() => work(processing))
  } catch (thrown) {
    settled = failureOf(thrown)
    throw thrown
  } finally {
    processing.pause(settled)
  }
}

/** Traces the records of a service. */
export const createRecordTracing = ({
  tracer,
  service,
  system,
}: {
  tracer: Tracer
  service: string
  system: string
}): RecordTracing => {
  const attributesOf =
    ({ record: { topic, partition, offset }, understood }: Processed) =>
    () => {
      const message = { system, operation: 'process', topic, partition } as const
      const { event, key = '', handler } = understood ?? {}
      const personal =
        event !== undefined && handler !== undefined && isPersonalKey(handler.contract, event.data, key)
      const attributes = messageAttributes(
        event === undefined ? message : { ...message, eventId: event.id, key: personal ? undefined : key },
      )
      attributes['messaging.consumer.group.name'] = service
      attributes['messaging.kafka.offset'] = offset
      if (handler !== undefined) attributes['mesh.handler'] = handler.name
      return attributes
    }

  return {
    process: (processed, work) => {
      // The mesh's own bookkeeping would be most of every trace.
      const quiet = processed.understood?.handler.contract.journaled === false
      const begin = () =>
        (quiet ? silentTracer : tracer).start('consumer', `process ${processed.record.topic}`, {
          ...originOf(processed),
          attributes: attributesOf(processed),
        })
      return process(begin, work)
    },
    published: (entries, places) => {
      const events = entries.filter((entry) => entry.kind === 'event')
      for (const [index, { topic, key, headers, span }] of events.entries()) {
        if (span === undefined) continue
        tracer.emit({
          kind: 'producer',
          name: `send ${topic}`,
          traceparent: headers['ce_traceparent'] ?? '',
          parentId: span.parent,
          startedAt: span.startedAt,
          attributes: () =>
            messageAttributes({
              system,
              operation: 'send',
              topic,
              partition: places[index]?.partition,
              eventId: headers['ce_id'],
              ...(span.personalKey !== true && { key }),
            }),
        })
      }
    },
  }
}

/** Makes no spans, but hands trace context on: for projections, and for tests. */
export const silentTracing: RecordTracing = {
  process: (processed, work) => process(() => silentTracer.start('consumer', '', originOf(processed)), work),
  published: () => {},
}
