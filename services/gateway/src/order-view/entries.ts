import type { CloudEvent, DeadLetterRecorded, HopRecorded } from '@commerce-mesh/contracts'
import { sortable } from './instant.ts'
import type { TimelineEntry } from './schema.ts'

/** The entry of one kind. */
export type EntryOf<K extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: K }>

/** Characters kept of a reason or a route: 200 entries of one order share a document. The dead letter has the reason in full. */
const MOST_CHARACTERS = 500

/**
 * Entry of a fact about the order.
 *
 * @param instant - from the event's data, for an event without CloudEvents time.
 * @param more - `detail` is for people and holds no personal data; `paymentReference` is null where there is none.
 */
export const eventEntry = (
  event: CloudEvent,
  instant: string,
  { detail, paymentReference = null }: { detail?: string; paymentReference?: string | null } = {},
): EntryOf<'event'> => ({
  kind: 'event',
  at: sortable(event.time ?? instant),
  id: event.id,
  type: event.type,
  ...(detail !== undefined && { detail }),
  ...(paymentReference !== null && { paymentReference }),
})

/** Entry of a journal record. */
export const hopEntry = ({ id, data }: CloudEvent<HopRecorded>): EntryOf<'hop'> => ({
  kind: 'hop',
  at: sortable(data.startedAt),
  id,
  eventId: data.eventId,
  eventType: data.eventType,
  service: data.service,
  handler: data.handler,
  outcome: data.outcome,
  attempt: data.attempt,
  durationMs: data.durationMs,
  caused: data.caused,
  ...(data.code !== undefined && { code: data.code }),
  ...(data.reason !== undefined && { reason: data.reason.slice(0, MOST_CHARACTERS) }),
  ...(data.route !== undefined && { route: data.route.slice(0, MOST_CHARACTERS) }),
  ...(data.traceId !== '' && { traceId: data.traceId }),
  ...(data.nextAttemptAt !== undefined && { nextAttemptAt: sortable(data.nextAttemptAt) }),
})

/** Entry of a dead letter. */
export const letterEntry = ({ data }: CloudEvent<DeadLetterRecorded>): EntryOf<'dead-letter'> => ({
  kind: 'dead-letter',
  at: sortable(data.recordedAt),
  id: data.deadLetterId,
  class: data.class,
  code: data.code,
  reason: data.reason.slice(0, MOST_CHARACTERS),
  service: data.service,
  handler: data.handler,
  ...(data.eventId !== undefined && { eventId: data.eventId }),
})
