import { z } from 'zod'

const time = z.iso.datetime().describe('RFC 3339 in UTC, milliseconds.')
const reason = z.string().describe('What happened, for people. Holds no personal data.')
const code = z.string().describe('MESH_* code of the error catalogue.')

const eventEntry = z
  .strictObject({
    kind: z.literal('event'),
    at: time,
    id: z.string().describe('CloudEvents id.'),
    type: z.string().describe('CloudEvents type, such as order.placed.v1.'),
    detail: z.string().optional().describe('What is worth knowing about it, for people.'),
    paymentReference: z.string().optional().describe('The provider’s id of the payment that it names.'),
  })
  .describe('A fact about the order.')

const hopEntry = z
  .strictObject({
    kind: z.literal('hop'),
    at: time.describe('When the attempt started.'),
    id: z.string().describe('CloudEvents id of the journal record.'),
    eventId: z.string().describe('Id of the event that was handled.'),
    eventType: z.string(),
    service: z.string(),
    handler: z.string(),
    outcome: z.enum(['done', 'suppressed', 'retry', 'dead']),
    attempt: z.int().min(1).describe('1 for the first.'),
    durationMs: z.number().min(0),
    code: code.optional(),
    reason: reason.optional(),
    route: z
      .string()
      .optional()
      .describe('Which route took the event, or skipped it; missing in records of before there were routes.'),
    traceId: z
      .string()
      .optional()
      .describe('W3C trace id of the attempt: a notification and a redrive have traces of their own.'),
    nextAttemptAt: time.optional().describe('When the next attempt is due, on retry.'),
    caused: z
      .array(z.strictObject({ id: z.string(), type: z.string() }))
      .describe('The events that it emitted; with eventId, the edges of the tree that `mesh trace` prints.'),
  })
  .describe('What became of one event in one handler.')

const deadLetterEntry = z
  .strictObject({
    kind: z.literal('dead-letter'),
    at: time,
    id: z.string().describe('Id of the dead letter, as `mesh dead` takes it.'),
    class: z.enum(['contract', 'poison', 'permanent', 'exhausted']),
    code,
    reason,
    service: z.string(),
    handler: z.string(),
    eventId: z
      .string()
      .optional()
      .describe('The event that was set aside; missing where it could not be read.'),
  })
  .describe('A record was set aside for a person.')

/** One entry of an order's timeline. Told apart by `kind`. */
export const timelineEntrySchema = z.discriminatedUnion('kind', [eventEntry, hopEntry, deadLetterEntry])

const lineSchema = z.strictObject({
  lineId: z.string(),
  courseId: z.string().optional().describe('Missing until an event that names it has been seen.'),
  mode: z.string().optional(),
  state: z.enum(['submitted', 'paid', 'pending', 'granted', 'failed']),
})

/** The answer to "where is this order?": `GET /v1/orders/{number}`. */
export const orderStatusSchema = z.strictObject({
  orderNumber: z.string(),
  status: z
    .enum(['submitted', 'paid', 'fulfilling', 'fulfilled', 'failed'])
    .describe('How far the order itself is. A dead letter does not change it: see attention.'),
  submittedBy: z
    .string()
    .nullable()
    .describe('Name of the caller; null until a storefront has handed the order in.'),
  traceId: z.string().optional().describe('W3C trace id of the submission, or of the first fact seen.'),
  lines: z.array(lineSchema),
  attention: z
    .array(z.strictObject({ deadLetterId: z.string(), code, reason }))
    .optional()
    .describe('Dead letters that wait for a person; left out where there is none.'),
  timeline: z.array(timelineEntrySchema).describe('By time, then id: the first entry and the latest 199.'),
})

/** One entry of an order's timeline. */
export type TimelineEntry = z.output<typeof timelineEntrySchema>
/** One line of the answer. */
export type LineStatus = z.output<typeof lineSchema>
/** The answer to "where is this order?". */
export type OrderStatus = z.output<typeof orderStatusSchema>
