import type { Outcome } from '../service/outcome.ts'
import {
  type AggregateDocument,
  type Fate,
  type HeldRecord,
  type Waiting,
  WAITING_CHARACTERS,
  WAITING_LIMIT,
} from './document.ts'

/** What the document already knows about an event. What waits may have been skipped before, in another version. */
export const knownFate = (document: AggregateDocument, eventId: string): Fate | 'waiting' | undefined => {
  if (document.waiting?.records.some((held) => held.eventId === eventId) === true) return 'waiting'
  // An id may be any text, also 'constructor', which every object answers to.
  return Object.hasOwn(document.inbox, eventId) ? document.inbox[eventId] : undefined
}

/** Whether another record of this key waits, so that this one must line up behind it (promise 3). */
export const mustWait = (document: AggregateDocument): boolean => document.waiting !== undefined

const sizeOf = ({ value }: HeldRecord): number => value?.length ?? 0

/** Whether one more record may wait behind these. */
export const hasRoom = ({ records }: Pick<Waiting, 'records'>, record: HeldRecord): boolean =>
  records.length < WAITING_LIMIT &&
  records.reduce((sum, held) => sum + sizeOf(held), sizeOf(record)) <= WAITING_CHARACTERS

/** Puts a record behind those that wait; undefined when there is no room. */
export const parkBehind = <S>(
  document: AggregateDocument<S>,
  record: HeldRecord,
): AggregateDocument<S> | undefined => {
  const { waiting } = document
  if (waiting === undefined || !hasRoom(waiting, record)) return undefined
  return { ...document, waiting: { ...waiting, records: [...waiting.records, record] } }
}

/** The line once its first record has left it: the next one is due at once, with a count and a retry window of its own. */
export const nextInLine = (records: readonly HeldRecord[], now: number): Waiting | undefined => {
  const [first] = records
  if (first === undefined) return undefined
  return {
    dueAt: now,
    since: now,
    attempts: first.attempts ?? 0,
    code: '',
    reason: 'waited behind another record of this key',
    records,
  }
}

/** The document with the first in line known by this id: the release that made it wait may have known it by another. */
export const firstKnownAs = <S>(document: AggregateDocument<S>, eventId: string): AggregateDocument<S> => {
  const { waiting } = document
  const [first, ...behind] = waiting?.records ?? []
  if (waiting === undefined || first === undefined || first.eventId === eventId) return document
  return { ...document, waiting: { ...waiting, records: [{ ...first, eventId }, ...behind] } }
}

/** What becomes of a record that finds no room behind its key. */
export const noRoom: Outcome<never> = {
  outcome: 'dead',
  code: 'MESH_WAITING_FULL',
  reason: `${WAITING_LIMIT} records or ${WAITING_CHARACTERS / 1_000_000} MB wait behind this key already`,
}
