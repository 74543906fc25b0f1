import { type EventContract, deadLetterRecorded } from '@commerce-mesh/contracts'
import type { Service } from '../service/service.ts'
import { BOOKKEEPING, isBookkeeping } from './bookkeeping.ts'

/** What of a service's declaration a graph is made from. */
export type Declared = Pick<Service, 'name' | 'consumes' | 'emits' | 'journaled'>

/** A service in a graph. */
type GraphService = {
  readonly name: string
  /** It only shows what others did: the order view. */
  readonly projects: boolean
}

/** An event version in a graph, with who emits and who reads it. */
export type GraphEvent = {
  readonly type: string
  /** The service that may emit it. */
  readonly owner: string
  readonly summary: string
  /** Of the mesh itself: the journal's entries and the announcements of dead letters, which every service emits. */
  readonly bookkeeping: boolean
  /** Names of services, in their order. */
  readonly emittedBy: readonly string[]
  readonly readBy: readonly string[]
}

/** Who emits and who reads which event version. */
export type Graph = { readonly services: readonly GraphService[]; readonly events: readonly GraphEvent[] }

/** What the runtime emits for a service besides what it declares. */
const impliedBy = ({ journaled }: Declared): readonly EventContract[] =>
  journaled === false ? [deadLetterRecorded] : BOOKKEEPING

/**
 * Reads who emits and who reads what from the declarations of services; starts nothing.
 *
 * @param services - in the order in which they are to be shown.
 */
export const graphOf = (services: readonly Declared[]): Graph => {
  const emitted = services.map((service) => ({
    service: service.name,
    types: new Set([...service.emits, ...impliedBy(service)].map(({ type }) => type)),
  }))
  const contracts = new Map<string, EventContract>()
  // Declared events first, in the order of whoever emits them: that is the way an order goes.
  for (const { emits } of services) for (const contract of emits) contracts.set(contract.type, contract)
  for (const { consumes } of services) for (const contract of consumes) contracts.set(contract.type, contract)
  for (const contract of BOOKKEEPING) contracts.set(contract.type, contract)
  const events = [...contracts.values()].map(({ type, owner, summary }) => ({
    type,
    owner,
    summary,
    bookkeeping: isBookkeeping({ type }),
    emittedBy: emitted.flatMap(({ service, types }) => (types.has(type) ? [service] : [])),
    readBy: services.flatMap(({ name, consumes }) =>
      consumes.some((contract) => contract.type === type) ? [name] : [],
    ),
  }))
  return {
    services: services.map(({ name, journaled }) => ({ name, projects: journaled === false })),
    events: [
      ...events.filter(({ bookkeeping }) => !bookkeeping),
      ...events.filter((event) => event.bookkeeping),
    ],
  }
}

/** The same without the mesh's bookkeeping, which goes from every service to whoever shows it. */
export const withoutBookkeeping = ({ services, events }: Graph): Graph => ({
  services,
  events: events.filter(({ bookkeeping }) => !bookkeeping),
})
