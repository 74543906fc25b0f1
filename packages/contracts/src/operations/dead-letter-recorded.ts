import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { instant } from '../order/fields.ts'
import { INSTANT, ORDER_NUMBER } from '../order/sample-values.ts'

/** Why a record was set aside. */
export const deadLetterClass = z.enum([
  /** Breaks its schema. */
  'contract',
  /** Can't be decoded. */
  'poison',
  /** The other side, or the business rule, says no. */
  'permanent',
  /** The retry time ran out. */
  'exhausted',
])

/** A record was set aside for a person. Its payload stays in the store: this event holds no personal data. */
export const deadLetterRecorded = defineEvent({
  name: 'mesh.dead-letter-recorded',
  version: 1,
  owner: 'mesh',
  summary: 'A record was set aside for a person; it waits in the store to be redriven or discarded.',
  // A record without a key still needs a partition of its own here.
  key: (letter) => (letter.key === '' ? letter.deadLetterId : letter.key),
  journaled: false,
  data: z.strictObject({
    deadLetterId: z.string(),
    /** Record key; empty where the record had none. */
    key: z.string(),
    service: z.string(),
    handler: z.string(),
    class: deadLetterClass,
    code: z.string(),
    reason: z.string(),
    attempts: z.int().min(0),
    eventId: z.string().optional(),
    eventType: z.string().optional(),
    topic: z.string(),
    /** Who wrote the record, as it says itself: a service's name, or the CloudEvents `source`. */
    producer: z.string().optional(),
    recordedAt: instant,
  }),
  examples: [
    {
      deadLetterId: 'd-1',
      key: ORDER_NUMBER,
      service: 'fulfillment',
      handler: 'grant-on-order-placed',
      class: 'permanent',
      code: 'MESH_LMS_COURSE_UNKNOWN',
      reason: 'The LMS has no such course run.',
      attempts: 1,
      eventId: 'e-1',
      eventType: 'order.placed.v1',
      topic: 'order.placed.v1',
      producer: 'payments',
      recordedAt: INSTANT,
    },
  ],
})

/** Why a record was set aside. */
export type DeadLetterClass = z.output<typeof deadLetterClass>
/** Data of `mesh.dead-letter-recorded` v1. */
export type DeadLetterRecorded = z.output<typeof deadLetterRecorded.data>
