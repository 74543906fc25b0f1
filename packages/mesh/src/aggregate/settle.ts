import {
  type CloudEvent,
  type DeadLetterClass,
  deadLetterRecorded,
  producerOf,
} from '@commerce-mesh/contracts'
import { isSubject } from '@commerce-mesh/contracts'
import { type DeadLetter, deadLetterId } from '../dead-letter/dead-letter.ts'
import type { Exhaustion } from '../service/handler.ts'
import type { Outcome } from '../service/outcome.ts'
import { traceIdOf } from '../telemetry/traceparent.ts'
import {
  type AggregateDocument,
  type Fate,
  type HeldRecord,
  type OutboxEntry,
  type Waiting,
  remember,
} from './document.ts'
import { nextInLine } from './park.ts'
import { lineageOf } from './hops.ts'
import { type Stamp, sealDrafts, sealHop, sealRecord } from './seal.ts'

/** One attempt at one event, and what came of it. Everything that {@link settle} needs to know. */
export type Attempt<S> = {
  readonly service: string
  readonly handler: string
  readonly journaled: boolean
  /** The route that brought the event, in words. */
  readonly route?: string
  /** No route took the event, and no handler has seen it. */
  readonly skipped?: boolean
  readonly record: HeldRecord
  readonly event: CloudEvent
  /** Key of the aggregate. */
  readonly key: string
  /** 1 for the first. */
  readonly attempt: number
  /** When the first attempt was made (ms). */
  readonly since: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly traceparent: string
  /** Where the trace is kept, when the attempt was over, by the clock of spans: what is emitted has spans of its own. */
  readonly sealedAt?: number
  readonly outcome: Outcome<S>
  /** When the next attempt is due (ms), for `retry`; undefined when the retry window is over. */
  readonly nextAttemptAt?: number
  /** What the handler leaves behind when the window is over. */
  readonly exhaustion?: Exhaustion<S>
}

type Ending<S> = {
  readonly kind: 'done' | 'suppressed' | 'retry' | 'dead'
  readonly class?: DeadLetterClass
  readonly decision: Exhaustion<S>
  readonly code?: string
  readonly reason?: string
}

const endingOf = <S>({ outcome, nextAttemptAt, exhaustion = {} }: Attempt<S>): Ending<S> => {
  switch (outcome.outcome) {
    case 'done':
    case 'suppressed':
      return {
        kind: outcome.outcome,
        decision: outcome,
        ...(outcome.reason !== undefined && { reason: outcome.reason }),
      }
    case 'dead':
      return {
        kind: 'dead',
        class: 'permanent',
        decision: outcome,
        code: outcome.code,
        reason: outcome.reason,
      }
    case 'retry':
      return nextAttemptAt === undefined
        ? {
            kind: 'dead',
            class: 'exhausted',
            decision: { ...outcome, ...exhaustion },
            code: outcome.code,
            reason: outcome.reason,
          }
        : { kind: 'retry', decision: outcome, code: outcome.code, reason: outcome.reason }
  }
}

/** What waits after this attempt: a retry stays (or becomes) the first; anything else makes room for the next one. */
const waitingAfter = <S>(
  waiting: Waiting | undefined,
  attempt: Attempt<S>,
  ending: Ending<S>,
): Waiting | undefined => {
  // A record that was refused room behind others leaves those as they are.
  const [first] = waiting?.records ?? []
  if (first !== undefined && first.eventId !== attempt.event.id) return waiting
  const behind = (waiting?.records ?? []).filter((held) => held.eventId !== attempt.event.id)
  if (ending.kind === 'retry') {
    return {
      dueAt: attempt.nextAttemptAt ?? 0,
      since: attempt.since,
      attempts: attempt.attempt,
      code: ending.code ?? '',
      reason: ending.reason ?? '',
      records: [attempt.record, ...behind],
    }
  }
  const now = attempt.startedAt.getTime() + Math.ceil(attempt.durationMs)
  return nextInLine(behind, now)
}

const letterOf = <S>(attempt: Attempt<S>, ending: Ending<S>): DeadLetter => {
  const { eventId, value, attempts: _attempts, trace: _trace, ...place } = attempt.record
  return {
    id: deadLetterId(attempt.service, eventId),
    status: 'open',
    class: ending.class ?? 'permanent',
    code: ending.code ?? '',
    reason: ending.reason ?? '',
    service: attempt.service,
    handler: attempt.handler,
    key: attempt.key,
    eventId,
    eventType: attempt.record.topic,
    producer: producerOf(attempt.event.source),
    attempts: attempt.attempt,
    recordedAt: attempt.startedAt.toISOString(),
    traceId: traceIdOf(attempt.traceparent),
    record: { ...place, value: value === null ? null : Buffer.from(value).toString('base64') },
  }
}

const announcementOf = (letter: DeadLetter, stamp: Stamp): OutboxEntry => {
  const data = {
    deadLetterId: letter.id,
    key: letter.key !== null && isSubject(letter.key) ? letter.key : '',
    service: letter.service,
    handler: letter.handler,
    class: letter.class,
    code: letter.code,
    reason: letter.reason,
    attempts: letter.attempts,
    topic: letter.record.topic,
    recordedAt: letter.recordedAt,
    ...(letter.eventId !== undefined && { eventId: letter.eventId }),
    ...(letter.eventType !== undefined && { eventType: letter.eventType }),
    ...(letter.producer !== undefined && { producer: letter.producer }),
  }
  return sealRecord(deadLetterRecorded, data, stamp, letter.attempts)
}

/**
 * The outbox entries of a dead letter: the letter itself, and the event that announces it. A record that was such an
 * event is not announced: whoever could not take the first would not take the next, and so on without end.
 */
export const letterEntries = (letter: DeadLetter, stamp: Stamp): OutboxEntry[] => [
  { kind: 'dead-letter', letter },
  ...(letter.record.topic === deadLetterRecorded.type ? [] : [announcementOf(letter, stamp)]),
]

const hopOf = <S>(attempt: Attempt<S>, ending: Ending<S>, caused: { id: string; type: string }[]) => ({
  key: attempt.key,
  eventId: attempt.event.id,
  eventType: attempt.record.topic,
  service: attempt.service,
  handler: attempt.handler,
  outcome: ending.kind,
  attempt: attempt.attempt,
  startedAt: attempt.startedAt.toISOString(),
  durationMs: Math.round(attempt.durationMs * 100) / 100,
  caused,
  ...(ending.code !== undefined && { code: ending.code }),
  ...(ending.reason !== undefined && { reason: ending.reason }),
  ...(ending.kind === 'retry' && { nextAttemptAt: new Date(attempt.nextAttemptAt ?? 0).toISOString() }),
  ...(ending.decision.lines !== undefined && { lines: { ...ending.decision.lines } }),
  ...(attempt.route !== undefined && { route: attempt.route }),
})

/** What the inbox remembers of an event that is over. */
const fateOf = <S>({ skipped }: Attempt<S>, kind: Exclude<Ending<S>['kind'], 'retry'>): Fate =>
  skipped === true && kind === 'suppressed' ? 'skipped' : kind

/**
 * The document after an attempt: state, inbox, outbox and waiting work in one. Pure: the same attempt gives the same
 * document, with the same event ids.
 *
 * @throws MeshError MESH_HANDLER_OUTPUT when an emitted event breaks its contract.
 */
export const settle = <S>(document: AggregateDocument<S>, attempt: Attempt<S>): AggregateDocument<S> => {
  const ending = endingOf(attempt)
  const stamp: Stamp = {
    service: attempt.service,
    now: new Date(attempt.startedAt.getTime() + attempt.durationMs),
    traceparent: attempt.traceparent,
    causeId: attempt.event.id,
    lineage: lineageOf(attempt.event),
    ...(attempt.sealedAt !== undefined && { sealedAt: attempt.sealedAt }),
  }
  const { entries, caused } = sealDrafts(ending.decision.events ?? [], stamp)
  const outbox = [
    ...document.outbox,
    ...entries,
    ...(ending.kind === 'dead' ? letterEntries(letterOf(attempt, ending), stamp) : []),
    ...(attempt.journaled ? [sealHop(hopOf(attempt, ending, caused), stamp, attempt.skipped)] : []),
  ]
  const waiting = waitingAfter(document.waiting, attempt, ending)
  return {
    state:
      'state' in ending.decision && ending.decision.state !== undefined
        ? ending.decision.state
        : document.state,
    inbox:
      ending.kind === 'retry'
        ? document.inbox
        : remember(document.inbox, attempt.event.id, fateOf(attempt, ending.kind)),
    outbox,
    ...(outbox.length > 0 && { outboxSince: document.outboxSince ?? stamp.now.getTime() }),
    ...(waiting !== undefined && { waiting }),
  }
}
