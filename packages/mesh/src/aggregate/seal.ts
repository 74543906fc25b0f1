import {
  type CloudEvent,
  type EventContract,
  EventFormatError,
  type HopRecorded,
  hopRecorded,
  toBinary,
  sourceOf,
  validateData,
} from '@commerce-mesh/contracts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Draft } from '../service/outcome.ts'
import { isPersonalKey } from '../telemetry/messaging.ts'
import { parseTraceparent, publishSpan, traceIdOf } from '../telemetry/traceparent.ts'
import type { OutboxEntry, OutboxSpan } from './document.ts'
import { derivedId } from './event-id.ts'
import { type Lineage, descending, lineageExtensions } from './hops.ts'

/** Who emits, when, in which trace, because of what. */
export type Stamp = {
  readonly service: string
  readonly now: Date
  readonly traceparent: string
  /** Id of the event that caused this one. */
  readonly causeId: string
  /** Lineage of that event; absent where it is not known. */
  readonly lineage?: Lineage
  /** Where the trace is kept: then each event gets a publish span of its own, which begins now (ms since the epoch). */
  readonly sealedAt?: number
}

/** Makes the event of a contract; `id` decides whether two are the same event. */
export const sealEvent = <D>(
  contract: EventContract<D>,
  data: D,
  stamp: Pick<Stamp, 'service' | 'now' | 'traceparent'> & {
    id: string
    causeId?: string
    /** Of the event that is made. */
    lineage?: Lineage
    /** Where it is not the service's own. */
    source?: string
  },
): CloudEvent<D> => {
  const key = contract.key(data)
  return {
    id: stamp.id,
    source: stamp.source ?? sourceOf(stamp.service),
    type: contract.type,
    subject: key,
    time: stamp.now.toISOString(),
    datacontenttype: 'application/json',
    extensions: {
      partitionkey: key,
      traceparent: stamp.traceparent,
      ...(stamp.causeId !== undefined && { causationid: stamp.causeId }),
      ...(stamp.lineage !== undefined && lineageExtensions(stamp.lineage)),
    },
    data,
  }
}

/** Findings that an error message lists. */
const SHOWN_FINDINGS = 10

const decoder = new TextDecoder()

const entryOf = (event: CloudEvent, key: string): OutboxEntry => {
  const { headers, value } = toBinary(event)
  return { kind: 'event', topic: event.type, key, headers, value: decoder.decode(value) }
}

/** Findings name paths and rules, never values; of any other error only its name may be told (promise 11). */
const faultOf = (thrown: unknown): string =>
  thrown instanceof EventFormatError
    ? thrown.findings
        .slice(0, SHOWN_FINDINGS)
        .map(({ path, message }) => `${path === '' ? 'event' : path} ${message}`)
        .join('; ')
    : Error.isError(thrown)
      ? thrown.name
      : typeof thrown

/** What can't be sealed would come again for ever: it is the handler's fault. */
const handlersFault = <T>(happened: string, seal: () => T): T => {
  try {
    return seal()
  } catch (thrown) {
    throw new MeshError('MESH_HANDLER_OUTPUT', `${happened} (${faultOf(thrown)}).`)
  }
}

/** The trace context of an emitted event: its publish span's where the trace is kept, so that whoever takes it hangs below it. */
const tracedAs = <D>(
  contract: EventContract<D>,
  data: D,
  id: string,
  { traceparent, sealedAt }: Stamp,
): { traceparent: string; span?: OutboxSpan } => {
  const parent = parseTraceparent(traceparent)?.spanId
  if (sealedAt === undefined || parent === undefined) return { traceparent }
  const personal = isPersonalKey(contract as EventContract, data, contract.key(data))
  const span = { parent, startedAt: sealedAt, ...(personal && { personalKey: true as const }) }
  return { traceparent: publishSpan(traceparent, id), span }
}

/**
 * What the id of an event is computed from besides its cause: the same for every version, so that one fact that is emitted
 * in two versions has one id, and a reader of both takes it once.
 */
const factOf = ({ name }: EventContract): string => `${name}.v1`

/** What tells each event from the others of its cause, in the order of the drafts. */
const factsOf = (drafts: readonly Pick<Draft, 'contract'>[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  return drafts.map(({ contract }) => {
    const nth = counts.get(contract.type) ?? 0
    counts.set(contract.type, nth + 1)
    return [factOf(contract), nth]
  })
}

/** How many facts there are among the drafts: what is emitted in two versions is one. */
export const factsIn = (drafts: readonly Pick<Draft, 'contract'>[]): number =>
  new Set(factsOf(drafts).map((fact) => fact.join(' '))).size

/** What the publish span of an event is known by: two versions of a fact are sent each by itself. */
const sendOf = (id: string, { version }: EventContract): string =>
  version === 1 ? id : derivedId(id, version)

/**
 * Seals what a handler wants emitted. The nth event of a type has the same id on every run (promise 2), in every version.
 *
 * @throws MeshError MESH_HANDLER_OUTPUT when one breaks its contract.
 */
export const sealDrafts = (
  drafts: readonly Draft[],
  stamp: Stamp,
): { entries: OutboxEntry[]; caused: { id: string; type: string }[] } => {
  const ids = factsOf(drafts).map((fact) => derivedId(stamp.causeId, ...fact))
  const lineage = stamp.lineage && descending(stamp.lineage, factsIn(drafts))
  const sealed = drafts.map(({ contract, data }, place) =>
    handlersFault(`The handler emitted a ${contract.type} that breaks its contract`, () => {
      const checked = validateData(contract, data)
      const id = ids[place] ?? ''
      const { traceparent, span } = tracedAs(contract, checked, sendOf(id, contract), stamp)
      const made = { ...stamp, traceparent, id, ...(lineage !== undefined && { lineage }) }
      const event = sealEvent(contract, checked, made)
      const entry = { ...entryOf(event, contract.key(checked)), ...(span !== undefined && { span }) }
      return { entry, caused: { id, type: event.type } }
    }),
  )
  return { entries: sealed.map(({ entry }) => entry), caused: sealed.map(({ caused }) => caused) }
}

/**
 * Seals one of the mesh's own bookkeeping events.
 *
 * @throws MeshError MESH_HANDLER_OUTPUT when the handler's reason or lines are nothing that it can hold.
 */
export const sealRecord = <D>(
  contract: EventContract<D>,
  data: D,
  stamp: Stamp,
  nth: string | number,
): OutboxEntry =>
  handlersFault(`What the handler says can't be written into ${contract.type}`, () => {
    const id = derivedId(stamp.causeId, contract.type, stamp.service, nth)
    const { lineage } = stamp
    const made = { ...stamp, id, ...(lineage !== undefined && { lineage: descending(lineage) }) }
    return entryOf(sealEvent(contract, validateData(contract, data), made), contract.key(data))
  })

/**
 * The journal's entry of one attempt.
 *
 * @param skipped - it asked no handler: the same attempt may yet be made, and is another entry.
 * @throws like {@link sealRecord}
 */
export const sealHop = (hop: Omit<HopRecorded, 'traceId'>, stamp: Stamp, skipped = false): OutboxEntry =>
  sealRecord(
    hopRecorded,
    { ...hop, traceId: traceIdOf(stamp.traceparent) },
    stamp,
    `${hop.handler}/${hop.attempt}${skipped ? '/skipped' : ''}`,
  )
