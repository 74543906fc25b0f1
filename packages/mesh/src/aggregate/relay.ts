import type { Bus, OutgoingRecord } from '../bus/bus.ts'
import { saveDeadLetter } from '../dead-letter/dead-letter.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { RecordTracing } from '../telemetry/record-tracing.ts'
import type { Store, Stored } from '../store/store.ts'
import type { AggregateDocument, OutboxEntry } from './document.ts'

const encoder = new TextEncoder()

/** The events among outbox entries, as the bus takes them. */
export const outgoingOf = (entries: readonly OutboxEntry[]): OutgoingRecord[] =>
  entries
    .filter((entry) => entry.kind === 'event')
    .map(({ topic, key, headers, value }) => ({ topic, key, headers, value: encoder.encode(value) }))

/**
 * Carries a committed outbox out of its document: dead letters into their collection, events onto the bus, then clears
 * it. Every step may be repeated after a crash: letters and events have ids that do not change.
 *
 * @returns the document after clearing; the one given where somebody else changed it meanwhile (they carry the outbox on).
 * @throws MeshError MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE; then the sweeper tries again.
 */
export const relayOutbox = async <S>(
  { store, bus, tracing }: { store: Store; bus: Bus; tracing: RecordTracing },
  collection: string,
  stored: Stored<AggregateDocument<S>>,
): Promise<Stored<AggregateDocument<S>>> => {
  const { outbox } = stored.body
  if (outbox.length === 0) return stored
  for (const entry of outbox) {
    if (entry.kind !== 'dead-letter') continue
    await saveDeadLetter(store, entry.letter)
    failpoint('outbox.dead-letter-put')
  }
  const places = await bus.publish(outgoingOf(outbox))
  tracing.published(outbox, places)
  failpoint('outbox.published')
  const { outboxSince: _, ...rest } = stored.body
  const body: AggregateDocument<S> = { ...rest, outbox: [] }
  const version = await store.put(collection, stored.id, body, stored.version)
  failpoint('outbox.cleared')
  return version === undefined ? stored : { id: stored.id, version, body }
}
