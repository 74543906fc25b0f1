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
    /** Record key, for order events the order number; empty where the record had none. */
    key: z.string(),
    eventId: z.string(),
    eventType: z.string(),
    service: z.string(),
    handler: z.string(),
    outcome: z.enum(['done', 'suppressed', 'retry', 'dead']),
    /** MESH_* code, on retry and dead. */
    code: z.string().optional(),
    reason: z.string().optional(),
    /** Which route took the event, or skipped it: `default`, or the line of mesh.yaml with its condition. */
    route: z.string().optional(),
    /** 1 for the first. */
    attempt: z.int().min(1),
    startedAt: instant,
    durationMs: z.number().min(0),
    /** When the next attempt is due, on retry. */
    nextAttemptAt: instant.optional(),
    /** W3C trace id, 32 hex digits. */
    traceId: z.string(),
    /** The events that this hop emitted. */
    caused: z.array(z.strictObject({ id: z.string(), type: z.string() })),
    /** State of each order line after this hop, where the handler says so. */
    lines: z.record(z.string(), z.string()).optional(),
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
