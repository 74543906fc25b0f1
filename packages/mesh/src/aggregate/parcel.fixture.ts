import { defineEvent, toBinary, type CloudEvent } from '@commerce-mesh/contracts'
import { z } from 'zod'
import type { BusRecord, OutgoingRecord } from '../bus/bus.ts'
import type { HeldRecord } from './document.ts'
import { sealEvent } from './seal.ts'
import type { Attempt } from './settle.ts'

const parcel = z.string().max(100)

/** A parcel was ordered. Contract of the made-up shop that the tests of the runtime run. */
export const parcelOrdered = defineEvent({
  name: 'parcel.ordered',
  version: 1,
  owner: 'shop',
  summary: 'A parcel was ordered.',
  key: (data) => data.parcel,
  personal: ['learner.email', 'learner.username'],
  data: z.strictObject({
    parcel,
    /** What the packer of a test shall do. */
    wish: z.string().optional(),
    learner: z.strictObject({ email: z.email(), username: z.string() }).optional(),
  }),
})

/** A parcel was packed. */
export const parcelPacked = defineEvent({
  name: 'parcel.packed',
  version: 1,
  owner: 'packing',
  summary: 'A parcel was packed.',
  key: (data) => data.parcel,
  data: z.strictObject({ parcel, note: z.string().optional() }),
})

/** A parcel could not be packed. */
export const parcelFailed = defineEvent({
  name: 'parcel.failed',
  version: 1,
  owner: 'packing',
  summary: 'A parcel could not be packed.',
  key: (data) => data.parcel,
  data: z.strictObject({ parcel }),
})

/** A traceparent that the W3C specification shows. */
export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** An event of the shop, sealed as its edge would. */
export const orderedEvent = (id: string, data: z.input<typeof parcelOrdered.data>): CloudEvent =>
  sealEvent(parcelOrdered, parcelOrdered.data.parse(data), {
    service: 'shop',
    id,
    traceparent: TRACEPARENT,
    now: new Date('2026-01-02T03:04:05Z'),
  })

/** A record of an event, ready for the bus. */
export const outgoing = (event: CloudEvent, key: string | null = event.subject ?? null): OutgoingRecord => ({
  topic: event.type,
  key,
  ...toBinary(event),
})

/** A record at a place, as the bus hands it over. */
export const recordOf = (event: CloudEvent, offset = 0): BusRecord => ({
  ...outgoing(event),
  partition: 0,
  offset,
  timestamp: 1_700_000_000_000,
})

/** A record as documents hold it. */
export const heldOf = (event: CloudEvent, offset = 0): HeldRecord => {
  const { value, ...place } = recordOf(event, offset)
  return { ...place, eventId: event.id, value: value === null ? null : Buffer.from(value).toString() }
}

/** When the attempts of {@link attemptAt} start. */
export const STARTED = Date.parse('2026-03-04T05:06:07Z')

/** An attempt at `e-1` that ended with `done`, but for what is given. */
export const attemptAt = <S>(
  more: Partial<Attempt<S>> & Pick<Attempt<S>, 'outcome'>,
  event: CloudEvent = orderedEvent('e-1', { parcel: 'P-1' }),
): Attempt<S> => ({
  service: 'packing',
  handler: 'pack',
  journaled: true,
  record: heldOf(event),
  event,
  key: 'P-1',
  attempt: 1,
  since: STARTED,
  startedAt: new Date(STARTED),
  durationMs: 12.5,
  traceparent: TRACEPARENT,
  ...more,
})
