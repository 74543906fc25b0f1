import { outgoingOf } from '../aggregate/relay.ts'
import { letterEntries } from '../aggregate/settle.ts'
import type { Bus, BusRecord } from '../bus/bus.ts'
import { type DeadLetter, deadLetterId, saveDeadLetter } from '../dead-letter/dead-letter.ts'
import type { Decoded } from '../dispatch/decode.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { Store } from '../store/store.ts'
import { traceIdOf } from '../telemetry/traceparent.ts'

/** A record that no handler could be asked about, and why. */
export type Refused = Extract<Decoded<unknown>, { refused: string }>

/** Its code in the catalogue. */
export const codeOf = ({ refused }: Refused): 'MESH_EVENT_POISON' | 'MESH_EVENT_CONTRACT' =>
  refused === 'poison' ? 'MESH_EVENT_POISON' : 'MESH_EVENT_CONTRACT'

/** The dead letter of a record that no handler could be asked about: known by its place in the log. */
const refusedLetter = (
  service: string,
  record: BusRecord,
  refused: Refused,
  now: Date,
  traceparent: string,
  attempts: number,
): DeadLetter => ({
  id: deadLetterId(service, record.topic, record.partition, record.offset),
  status: 'open',
  class: refused.refused,
  code: codeOf(refused),
  reason: refused.reason,
  findings: refused.findings,
  service,
  handler: '-',
  key: record.key,
  attempts,
  recordedAt: now.toISOString(),
  traceId: traceIdOf(traceparent),
  ...(refused.eventId !== undefined && { eventId: refused.eventId }),
  ...(refused.eventType !== undefined && { eventType: refused.eventType }),
  ...(refused.producer !== undefined && { producer: refused.producer }),
  record: { ...record, value: record.value === null ? null : Buffer.from(record.value).toString('base64') },
})

/**
 * Makes a dead letter of a record that breaks its contract or can't be decoded: durable before this resolves, so
 * that the offset may move past it (promise 5).
 *
 * @param traceparent - of the span in which this is found out.
 * @param attempts - more than 1 for a record that waited or was redriven: its letter opens again.
 */
export const setAside = async (
  { service, store, bus }: { service: string; store: Store; bus: Bus },
  record: BusRecord,
  refused: Refused,
  traceparent: string,
  attempts = 1,
): Promise<void> => {
  const now = new Date()
  const letter = refusedLetter(service, record, refused, now, traceparent, attempts)
  await saveDeadLetter(store, letter)
  failpoint('poison.after-put')
  // A plugin may answer a dead letter with what becomes the next one.
  const stamp = { service, now, traceparent, causeId: letter.id, lineage: refused.lineage }
  await bus.publish(outgoingOf(letterEntries(letter, stamp)))
}
