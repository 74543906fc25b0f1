import type { Collection } from '../store/store.ts'
import type { DeadLetter } from '../dead-letter/dead-letter.ts'
import type { Service } from '../service/service.ts'

/**
 * What became of an event, as the inbox remembers it. `skipped`: suppressed because no route took it. No handler has seen it, so it
 * is no duplicate where another version of the same fact, or the routes of another day, lead it to one.
 */
export type Fate = 'done' | 'suppressed' | 'skipped' | 'dead'

/** A record as documents hold it: `value` is text where the record was decodable, and only such records wait. */
export type HeldRecord = {
  readonly eventId: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly value: string | null
  /** Attempts made before it was redriven; its count goes on from there. */
  readonly attempts?: number
  /** The trace that it is handled in since it was redriven; absent: its event's. */
  readonly trace?: HeldTrace
}

/** A trace of its own, for a record that was redriven. */
type HeldTrace = {
  /** traceparent of the event: the spans of the redriven record link to it. */
  readonly link?: string
  /** traceparent of what redrove it, or of its first attempt since; absent: a trace begins with the next attempt. */
  readonly parent?: string
}

/** What is known of a publish span before the event is on the bus: whoever carries the outbox out sends it. */
export type OutboxSpan = {
  /** Id of the process span, 16 hex digits. */
  readonly parent: string
  /** When the event was sealed (ms since the epoch). */
  readonly startedAt: number
  /** The record's key is personal and stays out of the span. */
  readonly personalKey?: true
}

/** Records of one key that wait: the first for its next attempt, the rest behind it, in order. */
export type Waiting = {
  /** Milliseconds since the epoch. */
  readonly dueAt: number
  /** When the first one was tried first; the retry window counts from here. */
  readonly since: number
  /** Attempts of the first one so far. */
  readonly attempts: number
  readonly code: string
  readonly reason: string
  readonly records: readonly HeldRecord[]
}

/** Something decided and committed, but not yet carried out of the document. */
export type OutboxEntry =
  | {
      readonly kind: 'event'
      readonly topic: string
      readonly key: string
      readonly headers: Readonly<Record<string, string>>
      readonly value: string
      /** Only where the trace is kept. Its own id stands in the event's traceparent. */
      readonly span?: OutboxSpan
    }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }

/** State, inbox, outbox and waiting work of one key: one document, so that they commit together (promise 4). */
export type AggregateDocument<S = unknown> = {
  readonly state: S
  /** Event id -> fate, oldest first. */
  readonly inbox: Readonly<Record<string, Fate>>
  readonly outbox: readonly OutboxEntry[]
  /** Since when the outbox is not empty (ms); absent when it is. */
  readonly outboxSince?: number
  readonly waiting?: Waiting
}

/** Event ids that the inbox remembers; more than any order sees in its life. */
export const INBOX_LIMIT = 2_000

/** Records that may wait behind one key (promise 9). */
export const WAITING_LIMIT = 500

/** Characters of the records that may wait behind one key: MongoDB holds no document above 16 MiB. */
export const WAITING_CHARACTERS = 4_000_000

/** The collection of a service's aggregates. */
export const aggregateCollection = ({
  name,
  indexes = {},
}: Pick<Service, 'name' | 'indexes'>): Collection => ({
  name,
  indexes: {
    outboxSince: 'outboxSince',
    dueAt: 'waiting.dueAt',
    ...Object.fromEntries(Object.entries(indexes).map(([index, path]) => [index, `state.${path}`])),
  },
})

/** The document of a key that nothing has touched yet. */
export const emptyDocument = <S>(state: S): AggregateDocument<S> => ({ state, inbox: {}, outbox: [] })

/** The inbox with one more event; the oldest make room. */
export const remember = (
  inbox: Readonly<Record<string, Fate>>,
  eventId: string,
  fate: Fate,
): Record<string, Fate> => {
  const next = { ...inbox, [eventId]: fate }
  const ids = Object.keys(next)
  const excess = Math.max(0, ids.length - INBOX_LIMIT)
  // Objects put names that are plain numbers first, so the newest may stand there.
  for (const id of ids.filter((known) => known !== eventId).slice(0, excess)) delete next[id]
  return next
}
