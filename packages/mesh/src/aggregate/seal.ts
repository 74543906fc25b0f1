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
import { HOPS } from './hops.ts'

/** Who emits, when, in which trace, because of what. */
export type Stamp = {
  readonly service: string
  readonly now: Date
  readonly traceparent: string
  /** Id of the event that caused this one. */
  readonly causeId: string
  /** How many events led to this one; absent where that is not known. */
  readonly hops?: number
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
    hops?: number
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
      ...(stamp.hops !== undefined && { [HOPS]: String(stamp.hops) }),
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

/**
 * Seals what a handler wants emitted. The nth event of a type has the same id on every run (promise 2), in every version.
 *
 * @throws MeshError MESH_HANDLER_OUTPUT when one breaks its contract.
 */
export const sealDrafts = (
  drafts: readonly Draft[],
  stamp: Stamp,
): { entries: OutboxEntry[]; caused: { id: string; type: string }[] } => {
  const counts = new Map<string, number>()
  const sealed = drafts.map(({ contract, data }) => {
    const nth = counts.get(contract.type) ?? 0
    counts.set(contract.type, nth + 1)
    return handlersFault(`The handler emitted a ${contract.type} that breaks its contract`, () => {
      const checked = validateData(contract, data)
      const id = derivedId(stamp.causeId, factOf(contract), nth)
      const { traceparent, span } = tracedAs(contract, checked, id, stamp)
      const event = sealEvent(contract, checked, { ...stamp, traceparent, id })
      const entry = { ...entryOf(event, contract.key(checked)), ...(span !== undefined && { span }) }
      return { entry, caused: { id, type: event.type } }
    })
  })
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
    return entryOf(sealEvent(contract, validateData(contract, data), { ...stamp, id }), contract.key(data))
  })

/** The journal's entry of one attempt. @throws like {@link sealRecord} */
export const sealHop = (hop: Omit<HopRecorded, 'traceId'>, stamp: Stamp): OutboxEntry =>
  sealRecord(
    hopRecorded,
    { ...hop, traceId: traceIdOf(stamp.traceparent) },
    stamp,
    `${hop.handler}/${hop.attempt}`,
  )
