import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { instant } from '../order/fields.ts'
import { INSTANT, ORDER_NUMBER } from '../order/sample-values.ts'

/** What became of one event in one handler: the journal's record. Holds no personal data. */
export const hopRecorded = defineEvent({
  name: 'mesh.hop-recorded',
  version: 1,
  owner: 'mesh',
  summary: 'The journal: what became of one event in one handler.',
  // A record without a key still needs a partition of its own here.
  key: (hop) => (hop.key === '' ? hop.eventId : hop.key),
  journaled: false,
  data: z.strictObject({
    key: z
      .string()
      .describe('Record key, for order events the order number; empty where the record had none.'),
    eventId: z.string().describe('Id of the event that was handled.'),
    eventType: z.string().describe('Its type, such as order.placed.v1.'),
    service: z.string().describe('Who handled it.'),
    handler: z.string().describe('By which handler.'),
    outcome: z
      .enum(['done', 'suppressed', 'retry', 'dead'])
      .describe(
        '`suppressed`: nothing to do, with the reason. `retry`: not over yet. `dead`: set aside for a person.',
      ),
    code: z.string().optional().describe('MESH_* code, on retry and dead.'),
    reason: z.string().optional().describe('Why it came out so, in words without personal data.'),
    route: z
      .string()
      .optional()
      .describe(
        'Which route took the event, or skipped it: `default`, or the line of mesh.yaml with its condition.',
      ),
    attempt: z.int().min(1).describe('1 for the first.'),
    startedAt: instant.describe('When this attempt started.'),
    durationMs: z.number().min(0).describe('How long it took, in milliseconds.'),
    nextAttemptAt: instant.optional().describe('When the next attempt is due, on retry.'),
    traceId: z.string().describe('W3C trace id, 32 hex digits.'),
    caused: z
      .array(
        z.strictObject({
          id: z.string().describe('Its id.'),
          type: z.string().describe('Its type.'),
        }),
      )
      .describe('The events that this hop emitted.'),
    lines: z
      .record(z.string(), z.string())
      .optional()
      .describe('State of each order line after this hop by line id, where the handler says so.'),
  }),
  examples: [
    {
      key: ORDER_NUMBER,
      eventId: 'e-1',
      eventType: 'order.placed.v1',
      service: 'fulfillment',
      handler: 'grant-on-order-placed',
      outcome: 'done',
      route: 'default',
      attempt: 1,
      startedAt: INSTANT,
      durationMs: 41.5,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      caused: [{ id: 'e-2', type: 'order.fulfilled.v1' }],
      lines: { 1: 'granted' },
    },
  ],
})

/** Data of `mesh.hop-recorded` v1. */
export type HopRecorded = z.output<typeof hopRecorded.data>
