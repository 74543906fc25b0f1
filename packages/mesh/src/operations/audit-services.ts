import { type EventContract, fromKafka, parseEvent } from '@commerce-mesh/contracts'
import type { AggregateDocument } from '../aggregate/document.ts'
import { knownId } from '../aggregate/known-id.ts'
import { knownFate } from '../aggregate/park.ts'
import type { Bus, BusRecord, Lag } from '../bus/bus.ts'
import { type DeadLetter, deadLetterCollection, deadLetterId } from '../dead-letter/dead-letter.ts'
import { createSlots } from '../flow/slots.ts'
import type { Service } from '../service/service.ts'
import type { Store } from '../store/store.ts'
import type { AuditReport, ServiceAudit } from './audit.ts'
import { whereDeclared } from './where-declared.ts'

const PAGE = 500
/** Records whose documents are read at once: enough to hide the way to the store, few enough to leave it to the orders. */
const AT_ONCE = 16
const SHOWN_LOST = 10

type Fate = 'done' | 'suppressed' | 'dead' | 'waiting' | 'inFlight' | 'lost'
type Tally = Record<Fate, number> & { readonly places: string[] }

/** Where a record's fate is written down, if it has one: its aggregate and its event. */
type Identity = {
  readonly key: string
  readonly eventId: string
  /** What a release before knew it by. */
  readonly ownId?: string
}

/** As a handler would be told: a producer may have chosen another record key, or the structured mode. */
const identityOf = (contract: EventContract | undefined, record: BusRecord): Identity | undefined => {
  if (contract === undefined) return undefined
  try {
    const event = parseEvent(contract, fromKafka(record.headers, record.value))
    return { key: contract.key(event.data), eventId: knownId(event, contract.name), ownId: event.id }
  } catch {
    return undefined
  }
}

/** For a record that was sound under an older contract. */
const claimedIdentity = (
  contract: EventContract | undefined,
  { key, headers: { ce_id: id, ce_source: source } }: BusRecord,
): Identity | undefined => {
  if (key === null || id === undefined) return undefined
  const isWhole = contract !== undefined && source !== undefined
  return { key, eventId: isWhole ? knownId({ id, source }, contract.name) : id, ownId: id }
}

/** What became of a record, and of which event. */
type Found = { readonly record: BusRecord; readonly fate: Fate; readonly eventId: string | undefined }

const auditRecord = async (
  store: Store,
  service: Service<never, never>,
  record: BusRecord,
  { committed }: Lag,
): Promise<Found> => {
  const contract = service.consumes.find(({ type }) => type === record.topic)
  const sound = identityOf(contract, record)
  const identity = sound ?? claimedIdentity(contract, record)
  const letter = deadLetterId(service.name, record.topic, record.partition, record.offset)
  /** A letter that was redriven proves nothing: its record must be found further on. */
  const isSetAside = async () => {
    const stored = await store.get<DeadLetter>(deadLetterCollection.name, letter)
    return stored !== undefined && stored.body.status !== 'redriven'
  }
  const fateOf = async (): Promise<Fate> => {
    if (sound === undefined && (await isSetAside())) return 'dead'
    const stored =
      identity && (await whereDeclared(() => store.get<AggregateDocument>(service.name, identity.key)))
    const fate =
      stored &&
      identity &&
      (knownFate(stored.body, identity.eventId) ?? knownFate(stored.body, identity.ownId ?? ''))
    if (fate !== undefined) return fate === 'skipped' ? 'suppressed' : fate
    if (sound !== undefined && (await isSetAside())) return 'dead'
    return record.offset >= committed ? 'inFlight' : 'lost'
  }
  return { record, fate: await fateOf(), eventId: identity?.eventId }
}

const auditPartition = async (
  { bus, store }: { bus: Bus; store: Store },
  service: Service<never, never>,
  lag: Lag,
  tally: Tally,
): Promise<void> => {
  const seen = new Set<string>()
  for (let offset = lag.start; offset < lag.end;) {
    const records = await bus.read(lag, offset, PAGE)
    if (records.length === 0) return
    const slots = createSlots(AT_ONCE)
    const fates = await Promise.all(
      records
        .filter((candidate) => candidate.offset < lag.end)
        .map((record) => slots.run(() => auditRecord(store, service, record, lag))),
    )
    for (const { record, fate, eventId } of fates) {
      const id = eventId ?? `${record.offset}`
      // A second delivery of an event that was handled is dropped by the inbox: nothing is done twice.
      tally[seen.has(id) && fate === 'done' ? 'suppressed' : fate]++
      seen.add(id)
      if (fate === 'lost' && tally.places.length < SHOWN_LOST)
        tally.places.push(`${record.topic}/${record.partition}@${record.offset}`)
    }
    offset = (records.at(-1)?.offset ?? lag.end) + 1
  }
}

const auditService = async (
  parts: { bus: Bus; store: Store },
  service: Service<never, never>,
): Promise<ServiceAudit> => {
  const tally: Tally = { done: 0, suppressed: 0, dead: 0, waiting: 0, inFlight: 0, lost: 0, places: [] }
  // Offsets first, documents later: a record before the committed offset has its fate written already.
  const lags = await parts.bus.lag(
    service.name,
    service.consumes.map(({ type }) => type),
  )
  for (const lag of lags) await auditPartition(parts, service, lag, tally)
  const { lost, places, ...fates } = tally
  const accepted = Object.values(fates).reduce((sum, count) => sum + count, lost)
  const unpublished =
    (await whereDeclared(() => parts.store.count(service.name, { index: 'outboxSince' }))) ?? 0
  return { service: service.name, accepted, ...fates, unpublished, drift: lost, lost: places }
}

/**
 * Looks at every record on every topic that a service consumes and finds its fate: in the inbox of its aggregate, in a
 * waiting line, among the dead letters, or still to come. A record that is none of these is lost (promise 6).
 */
export const auditServices = async (parts: {
  bus: Bus
  store: Store
  services: readonly Service<never, never>[]
}): Promise<AuditReport> => {
  const services: ServiceAudit[] = []
  for (const service of parts.services) services.push(await auditService(parts, service))
  return {
    at: new Date().toISOString(),
    services,
    drift: services.reduce((sum, { drift }) => sum + drift, 0),
  }
}
