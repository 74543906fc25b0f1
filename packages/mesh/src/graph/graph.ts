import type { EventContract } from '@commerce-mesh/contracts'
import { deadLetterRecorded } from '@commerce-mesh/contracts'
import { conditionText } from '../routes/condition.ts'
import { type Route, planRoutes } from '../routes/plan.ts'
import type { DeclaredService, DeclaredSource, Wiring } from '../topology/declared-mesh.ts'
import { emittersOf } from '../topology/problems.ts'
import { BOOKKEEPING, isBookkeeping } from '../topology/bookkeeping.ts'

/** A service in a graph, or somebody outside who publishes events. */
type GraphService = {
  readonly name: string
  /** It only shows what others did: the order view. */
  readonly projects: boolean
  /** A webhook, or who is listed in `producers` or `consumers`. */
  readonly outside?: boolean
}

/** A handler that gets an event, or would if its route were on. */
export type GraphTaker = {
  readonly service: string
  readonly handler: string
  /** `default`, or where it stands: `mesh.yaml:12`. */
  readonly where: string
  /** The condition of the route in words; absent: always. */
  readonly when?: string
  readonly enabled: boolean
  /** Types that the handler may emit; absent where that is not declared for it alone. */
  readonly emits?: readonly string[]
}

/** An event version in a graph, with who emits and who reads it. */
export type GraphEvent = {
  readonly type: string
  /** The service that may emit it. */
  readonly owner: string
  readonly summary: string
  /** Of the mesh itself: the journal's entries and the announcements of dead letters, which every service emits. */
  readonly bookkeeping: boolean
  /** Names of services and others, in their order. */
  readonly emittedBy: readonly string[]
  /** Names of services with a route that is on, and of readers outside. */
  readonly readBy: readonly string[]
  readonly takers: readonly GraphTaker[]
}

/** Who emits and who reads which event version. */
export type Graph = { readonly services: readonly GraphService[]; readonly events: readonly GraphEvent[] }

/** What the runtime emits for a service besides what it declares. */
const impliedBy = ({ journaled }: DeclaredService): readonly EventContract[] =>
  journaled === false ? [deadLetterRecorded] : BOOKKEEPING

const takerOf = ({ service, handler, where, when, enabled }: Route): GraphTaker => ({
  service,
  handler: handler.name,
  where,
  ...(when !== undefined && { when: conditionText(when, handler.contract.personal) }),
  enabled,
  ...(handler.emits !== undefined && { emits: handler.emits.map(({ type }) => type) }),
})

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)]

/** What decides who gets what besides the services: nothing of it is needed. */
export type GraphWiring = Partial<Wiring> & { readonly sources?: readonly DeclaredSource[] }

/**
 * Reads who emits and who reads what from the declarations of services and the configuration; starts nothing.
 *
 * @param services - in the order in which they are to be shown.
 */
export const graphOf = (
  services: readonly DeclaredService[],
  { routes = [], producers = [], consumers = [], sources = [] }: GraphWiring = {},
): Graph => {
  const declared = services.map((service) => ({
    ...service,
    emits: [...service.emits, ...impliedBy(service)],
  }))
  const emitters = emittersOf({ services: declared, contracts: [], sources }, { producers })
  const planned = planRoutes(services, routes)
  const contracts = new Map<string, EventContract>()
  // Declared events first, in the order of whoever emits them: that is the way an order goes.
  for (const { emits } of services) for (const contract of emits) contracts.set(contract.type, contract)
  for (const { source } of sources)
    for (const contract of source.emits) contracts.set(contract.type, contract)
  for (const { consumes } of services) for (const contract of consumes) contracts.set(contract.type, contract)
  for (const contract of BOOKKEEPING) contracts.set(contract.type, contract)
  const events = [...contracts.values()].map(({ type, owner, summary }): GraphEvent => {
    const takers = planned.filter(({ event }) => event === type).map(takerOf)
    return {
      type,
      owner,
      summary,
      bookkeeping: isBookkeeping({ type }),
      emittedBy: emitters.get(type) ?? [],
      readBy: distinct([
        ...takers.filter(({ enabled }) => enabled).map(({ service }) => service),
        ...consumers.filter(({ reads }) => reads.includes(type)).map(({ name }) => name),
      ]),
      takers,
    }
  })
  const known = new Set(services.map(({ name }) => name))
  const outside = distinct(events.flatMap(({ emittedBy }) => emittedBy)).filter((name) => !known.has(name))
  const readers = distinct(consumers.map(({ name }) => name)).filter((name) => !known.has(name))
  return {
    services: [
      ...outside.map((name) => ({ name, projects: false, outside: true })),
      ...services.map(({ name, journaled }) => ({ name, projects: journaled === false })),
      ...readers
        .filter((name) => !outside.includes(name))
        .map((name) => ({ name, projects: false, outside: true })),
    ],
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
