import type { OrderStatus } from '@commerce-mesh/gateway'
import type { EventEntry, HopEntry, LetterEntry } from './tree.ts'

/** When the orders of these tests began. */
export const START = Date.parse('2026-11-21T12:00:00.000Z')

/** An instant so many milliseconds after that. */
export const at = (ms: number): string => new Date(START + ms).toISOString()

/** A fact. */
export const event = (id: string, type: string, ms: number, more: Partial<EventEntry> = {}): EventEntry => ({
  kind: 'event',
  at: at(ms),
  id,
  type,
  ...more,
})

/** An attempt; without more it is done. */
export const hop = (
  service: string,
  eventId: string,
  eventType: string,
  ms: number,
  more: Partial<HopEntry> = {},
): HopEntry => ({
  kind: 'hop',
  at: at(ms),
  id: `${service}-${eventId}-${ms}`,
  eventId,
  eventType,
  service,
  handler: 'handle',
  outcome: 'done',
  attempt: 1,
  durationMs: 1.24,
  caused: [],
  ...more,
})

/** An attempt of fulfillment at `e2` that the LMS did not answer. */
export const retry = (ms: number, attempt: number, nextMs: number): HopEntry =>
  hop('fulfillment', 'e2', 'order.placed.v1', ms, {
    outcome: 'retry',
    attempt,
    code: 'MESH_LMS_UNAVAILABLE',
    reason: 'No connection.',
    nextAttemptAt: at(nextMs),
  })

/** An attempt of fulfillment at `e2` that the LMS refused. */
export const dead = (ms: number): HopEntry =>
  hop('fulfillment', 'e2', 'order.placed.v1', ms, {
    outcome: 'dead',
    code: 'MESH_LMS_LEARNER_UNKNOWN',
    reason: 'No such learner.',
  })

/** The dead letter of {@link dead}. */
export const letter = (ms: number, more: Partial<LetterEntry> = {}): LetterEntry => ({
  kind: 'dead-letter',
  at: at(ms),
  id: 'dl-1',
  class: 'permanent',
  code: 'MESH_LMS_LEARNER_UNKNOWN',
  reason: 'No such learner.',
  service: 'fulfillment',
  handler: 'handle',
  eventId: 'e2',
  ...more,
})

/** A dead letter as it waits for a person. */
export const attentionTo = ({ id, code, reason }: LetterEntry) => ({ deadLetterId: id, code, reason })

/** An order with this timeline; without more it is under way. */
export const order = (timeline: OrderStatus['timeline'], more: Partial<OrderStatus> = {}): OrderStatus => ({
  orderNumber: 'EDX-1',
  status: 'fulfilling',
  submittedBy: 'shop',
  lines: [{ lineId: '1', courseId: 'course-v1:a+b+c', mode: 'verified', state: 'paid' }],
  timeline,
  ...more,
})

/** Who handles what in these orders. */
export const consumers: ReadonlyMap<string, readonly string[]> = new Map([
  ['order.submitted.v1', ['payments']],
  ['order.placed.v1', ['fulfillment']],
])

/** An order comes in … */
export const submitted = event('e1', 'order.submitted.v1', 0, { detail: 'by shop' })
/** … is joined with its payment … */
export const joined = hop('payments', 'e1', 'order.submitted.v1', 2, {
  caused: [{ id: 'e2', type: 'order.placed.v1' }],
})
/** … and placed … */
export const placed = event('e2', 'order.placed.v1', 3)
/** … and granted … */
export const granted = hop('fulfillment', 'e2', 'order.placed.v1', 5, {
  durationMs: 31.2,
  caused: [{ id: 'e3', type: 'order.fulfilled.v1' }],
})
/** … and fulfilled. */
export const fulfilled = event('e3', 'order.fulfilled.v1', 36)
