import {
  type CloudEvent,
  type EventContract,
  EventFormatError,
  type Finding,
  type ProducerGrants,
  fromKafka,
  producerFault,
  producerOf,
  readAs,
  readableVersions,
} from '@commerce-mesh/contracts'
import type { HeldRecord } from '../aggregate/document.ts'
import { type Lineage, lineageOf } from '../aggregate/hops.ts'
import { knownId } from '../aggregate/known-id.ts'
import type { BusRecord } from '../bus/bus.ts'
import { isSubject } from '@commerce-mesh/contracts'
import type { Intake, Taker } from '../routes/intake.ts'

/** A record taken apart, or why it can't be. */
export type Decoded<S> =
  | (Taker<S> & {
      readonly event: CloudEvent
      readonly key: string
      readonly held: HeldRecord
      /** No route holds: why nobody gets it. The handler is then only named, never called. */
      readonly skipped?: string
    })
  | {
      readonly refused: 'poison' | 'contract'
      /** All findings in words. */
      readonly reason: string
      readonly findings: readonly Finding[]
      readonly eventId?: string
      readonly eventType?: string
      /** Who wrote it, as it says itself. */
      readonly producer?: string
      readonly lineage: Lineage
    }

/** What records are held against. */
export type DecodeRules<S> = {
  /** By topic. */
  readonly intakes: ReadonlyMap<string, Intake<S>>
  readonly grants: ProducerGrants
}

/** Findings of one dead letter that are told in its reason; all of them stand beside it. */
const SHOWN_FINDINGS = 20

const explain = (findings: readonly Finding[]): string =>
  findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')

/** What the event or its headers say, as far as it can be said again: a header may hold anything, of any length. */
const identityOf = ({ id, type, source }: Partial<CloudEvent>) => ({
  ...(id !== undefined && isSubject(id) && { eventId: id }),
  ...(type !== undefined && isSubject(type) && { eventType: type }),
  ...(source !== undefined && isSubject(source) && { producer: producerOf(source) }),
})

const refuse = (
  who: Partial<CloudEvent>,
  refused: 'poison' | 'contract',
  findings: readonly Finding[],
): Extract<Decoded<never>, { refused: string }> => ({
  refused,
  reason: explain(findings),
  findings,
  ...identityOf(who),
  lineage: lineageOf({ extensions: who.extensions ?? {} }),
})

const extensionsIn = (headers: BusRecord['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce_') ? [[name.slice(3), value]] : [],
    ),
  )

/** What the headers of a record claim whose event can't be read as one. */
const claimedIn = ({ headers }: BusRecord): Partial<CloudEvent> => {
  const { ce_id: id, ce_type: type, ce_source: source } = headers
  return {
    ...(id !== undefined && { id }),
    ...(type !== undefined && { type }),
    ...(source !== undefined && { source }),
    extensions: extensionsIn(headers),
  }
}

const contractFor = (contract: EventContract, topic: string): EventContract =>
  readableVersions(contract).find(({ type }) => type === topic) ?? contract

const sourceBreach = (source: string, contract: EventContract, grants: ProducerGrants): readonly Finding[] =>
  [producerFault(contract, source, grants)].filter((fault) => fault !== undefined)

const KEY_MISSING: Finding = {
  path: 'record key',
  message: 'is missing: without it the order of events is lost',
}

/** Rules of the mesh that no schema knows: the record key keeps an order's events in order, and not everybody may emit everything. */
const breachesOf = (
  { source }: CloudEvent,
  key: string,
  record: BusRecord,
  contract: EventContract,
  grants: ProducerGrants,
): readonly Finding[] => [
  // Nothing could be emitted under such a key, not even the event that announces a dead letter.
  ...(isSubject(key) ? [] : [{ path: 'data', message: 'its record key can’t be an event’s subject' }]),
  ...(record.key === null
    ? [KEY_MISSING]
    : record.key === key
      ? []
      : [{ path: 'record key', message: 'is not the one that the contract makes of the data' }]),
  ...sourceBreach(source, contract, grants),
]

/** The same of a record that breaks its contract in any case, as far as that can be told. */
const furtherBreaches = (
  { type, source }: Partial<CloudEvent>,
  record: BusRecord,
  contract: EventContract,
  grants: ProducerGrants,
): readonly Finding[] => [
  ...(record.key === null ? [KEY_MISSING] : []),
  ...(source === undefined || source === '' || type !== contract.type
    ? []
    : sourceBreach(source, contract, grants)),
]

// A byte order mark stays: what waits must come back as it was.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const understand = <S>(
  sent: CloudEvent<unknown>,
  record: BusRecord,
  intake: Intake<S>,
  grants: ProducerGrants,
): Decoded<S> => {
  const contract = contractFor(intake.contract, record.topic)
  const read = readAs(intake.contract, demandType(sent, contract))
  const event = { ...read, id: knownId(read, contract.name) }
  const key = intake.contract.key(event.data)
  const breaches = breachesOf(event, key, record, contract, grants)
  if (breaches.length > 0) return refuse(sent, 'contract', breaches)
  const { value, ...place } = record
  const held = { ...place, eventId: event.id, value: value === null ? null : decoder.decode(value) }
  const routed = intake.route(event.data)
  return 'taker' in routed
    ? { ...routed.taker, event, key, held }
    : { ...routed.skipped, event, key, held, skipped: routed.reason }
}

/** Decodes a record for the handlers of a service, by topic. Never throws: whatever a topic holds, there is an answer. */
export const decode = <S>(record: BusRecord, { intakes, grants }: DecodeRules<S>): Decoded<S> => {
  const intake = intakes.get(record.topic)
  if (intake === undefined)
    return refuse(claimedIn(record), 'contract', [{ path: '', message: `no handler takes ${record.topic}` }])
  let sent: CloudEvent<unknown> | undefined
  try {
    sent = fromKafka(record.headers, record.value)
    return understand(sent, record, intake, grants)
  } catch (thrown) {
    const who = sent ?? claimedIn(record)
    if (!(thrown instanceof EventFormatError))
      return refuse(who, 'poison', [{ path: '', message: 'the record could not be decoded' }])
    const contract = contractFor(intake.contract, record.topic)
    return refuse(who, thrown.kind, [...thrown.findings, ...furtherBreaches(who, record, contract, grants)])
  }
}

/** A reader of several versions takes each from its own topic only. */
const demandType = (event: CloudEvent<unknown>, { type }: EventContract): CloudEvent<unknown> => {
  if (event.type === type) return event
  throw new EventFormatError('contract', [{ path: 'type', message: `must be ${type}, as on its topic` }])
}

const encoder = new TextEncoder()

/** A held record as it came from the bus. */
export const release = ({
  eventId: _id,
  attempts: _attempts,
  trace: _trace,
  value,
  ...place
}: HeldRecord): BusRecord => ({
  ...place,
  value: value === null ? null : encoder.encode(value),
})
