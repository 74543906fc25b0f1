import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { instant } from '../order/fields.ts'
import { INSTANT, ORDER_NUMBER } from '../order/sample-values.ts'

/** Why a record was set aside. */
export const deadLetterClass = z
  .enum(['contract', 'poison', 'permanent', 'exhausted'])
  .describe(
    '`contract`: breaks its schema. `poison`: can’t be decoded. `permanent`: the other side, or the business rule, says no. ' +
      '`exhausted`: the retry time ran out.',
  )

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
    deadLetterId: z.string().describe('What `mesh dead show` and `mesh dead redrive` take.'),
    key: z.string().describe('Record key; empty where the record had none.'),
    service: z.string().describe('The service that could not handle the record.'),
    handler: z.string().describe('Its handler; `-` where none could be asked about the record.'),
    class: deadLetterClass,
    code: z.string().describe('MESH_* code of what went wrong.'),
    reason: z.string().describe('What went wrong, in words without personal data.'),
    attempts: z.int().min(0).describe('How often it was tried.'),
    eventId: z.string().optional().describe('Id of the event, where it could be read.'),
    eventType: z.string().optional().describe('Type of the event, where it could be read.'),
    topic: z.string().describe('The topic that the record came from.'),
    producer: z
      .string()
      .optional()
      .describe('Who wrote the record, as it says itself: a service’s name, or the CloudEvents `source`.'),
    recordedAt: instant.describe('When it was set aside.'),
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
