import { type CloudEvent, type EventContract, type HopRecorded, hopRecorded, toBinary } from '@commerce-mesh/contracts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Draft } from '../service/outcome.ts'
import { traceIdOf } from '../telemetry/traceparent.ts'
import type { OutboxEntry } from './document.ts'
import { derivedId } from './event-id.ts'

/** Who emits, when, in which trace, because of what. */
export type Stamp = {
  readonly service: string
  readonly now: Date
  readonly traceparent: string
  /** Id of the event that caused this one. */
  readonly causeId: string
}

/** The CloudEvents `source` of a service. */
export const sourceOf = (service: string): string => `/commerce-mesh/${service}`

/** Makes the event of a contract; `id` decides whether two are the same event. */
export const sealEvent = <D>(
  contract: EventContract<D>,
  data: D,
  stamp: Pick<Stamp, 'service' | 'now' | 'traceparent'> & { id: string; causeId?: string },
): CloudEvent<D> => {
  const key = contract.key(data)
  return {
    id: stamp.id,
    source: sourceOf(stamp.service),
    type: contract.type,
    subject: key,
    time: stamp.now.toISOString(),
    datacontenttype: 'application/json',
    extensions: {
      partitionkey: key,
      traceparent: stamp.traceparent,
      ...(stamp.causeId !== undefined && { causationid: stamp.causeId }),
    },
    data,
  }
}

const decoder = new TextDecoder()

const entryOf = (event: CloudEvent, key: string): OutboxEntry => {
  const { headers, value } = toBinary(event)
  return { kind: 'event', topic: event.type, key, headers, value: decoder.decode(value) }
}

/**
 * Seals what a handler wants emitted. The nth event of a type has the same id on every run (promise 2).
 *
 * @throws MeshError MESH_HANDLER_OUTPUT when one breaks its contract.
 */
export const sealDrafts = (drafts: readonly Draft[], stamp: Stamp): { entries: OutboxEntry[]; caused: { id: string; type: string }[] } => {
  const sealed = drafts.map(({ contract, data }, nth) => {
    const checked = contract.data.safeParse(data)
    if (!checked.success) {
      const paths = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join(', ')
      throw new MeshError('MESH_HANDLER_OUTPUT', `The handler emitted a ${contract.type} that breaks its contract (${paths}).`)
    }
    const event = sealEvent(contract, checked.data, { ...stamp, id: derivedId(stamp.causeId, contract.type, nth) })
    return { entry: entryOf(event, contract.key(checked.data)), caused: { id: event.id, type: event.type } }
  })
  return { entries: sealed.map(({ entry }) => entry), caused: sealed.map(({ caused }) => caused) }
}

/** Seals one of the mesh's own bookkeeping events. */
export const sealRecord = <D>(contract: EventContract<D>, data: D, stamp: Stamp, nth: string | number): OutboxEntry =>
  entryOf(sealEvent(contract, data, { ...stamp, id: derivedId(stamp.causeId, contract.type, stamp.service, nth) }), contract.key(data))

/** The journal's entry of one attempt. */
export const sealHop = (hop: Omit<HopRecorded, 'traceId'>, stamp: Stamp): OutboxEntry =>
  sealRecord(hopRecorded, { ...hop, traceId: traceIdOf(stamp.traceparent) }, stamp, `${hop.handler}/${hop.attempt}`)
