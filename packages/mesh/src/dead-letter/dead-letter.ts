import type { DeadLetterClass, Finding } from '@commerce-mesh/contracts'
import { derivedId } from '../aggregate/event-id.ts'
import type { Collection, Store } from '../store/store.ts'

/** A record set aside with its class, reason and attempts, kept until a person redrives or discards it. */
export type DeadLetter = {
  readonly id: string
  readonly status: 'open' | 'redriven' | 'discarded'
  readonly class: DeadLetterClass
  readonly code: string
  readonly reason: string
  /** Everything that is wrong with a record of class contract or poison. */
  readonly findings?: readonly Finding[]
  readonly service: string
  readonly handler: string
  /** Record key, e.g. an order number; null where the record had none. */
  readonly key: string | null
  readonly eventId?: string
  readonly eventType?: string
  /** Who wrote the record, as it says itself: a service's name, or the CloudEvents `source`. */
  readonly producer?: string
  readonly attempts: number
  /** ISO instant. */
  readonly recordedAt: string
  readonly closedAt?: string
  readonly closedBy?: string
  readonly note?: string
  readonly traceId?: string
  /** The record as it came. `value` is base64, so that nothing undecodable is lost. Holds personal data. */
  readonly record: {
    readonly topic: string
    readonly partition: number
    readonly offset: number
    readonly timestamp: number
    readonly key: string | null
    readonly headers: Readonly<Record<string, string>>
    readonly value: string | null
  }
}

/** The dead letter's id: the same record in the same service always has the same, so a second run makes no second letter. */
export const deadLetterId = (service: string, ...record: readonly (string | number)[]): string =>
  `dl-${derivedId('dead-letter', service, ...record)}`

/** How dead letters are stored: `openSince` stands only on open ones, so that its index holds just these. */
export type StoredDeadLetter = DeadLetter & { readonly openSince?: number; readonly recordedMs: number }

/** All dead letters, of every service. */
export const deadLetterCollection: Collection = {
  name: 'dead-letters',
  indexes: { openSince: 'openSince', recordedMs: 'recordedMs' },
}

/** The stored form of a letter. */
export const toStored = (letter: DeadLetter): StoredDeadLetter => {
  const recordedMs = Date.parse(letter.recordedAt)
  return { ...letter, recordedMs, ...(letter.status === 'open' && { openSince: recordedMs }) }
}

/**
 * Writes a letter; one that died again after a redrive is opened again under its old id. Safe to call again.
 *
 * @throws MeshError MESH_STORE_UNAVAILABLE
 */
export const saveDeadLetter = async (store: Store, letter: DeadLetter): Promise<void> => {
  for (;;) {
    const stored = await store.get<StoredDeadLetter>(deadLetterCollection.name, letter.id)
    // Whoever runs second with the same attempt must not open again what a person has closed in the meantime.
    if (stored !== undefined && stored.body.attempts >= letter.attempts) return
    const version = await store.put(
      deadLetterCollection.name,
      letter.id,
      toStored(letter),
      stored?.version ?? 0,
    )
    if (version !== undefined) return
  }
}
