import type { EventContract } from '@commerce-mesh/contracts'
import { conditionText, type DeclaredService, graphOf, planRoutes, type Route } from '@commerce-mesh/mesh'

/** A handler that takes an event where mesh.yaml says nothing of it. */
export type Reader = {
  readonly service: string
  readonly handler: string
  /** Which of the events it takes; undefined: all. */
  readonly when: string | undefined
  /** Dotted paths of the fields that it says it reads; undefined where it says nothing. */
  readonly reads: readonly string[] | undefined
  /** The newer version that it takes the event as. */
  readonly as: string | undefined
  /** It only shows what others did. */
  readonly projects: boolean
}

/** Who emits an event and who takes it. */
export type Use = { readonly emittedBy: readonly string[]; readonly readers: readonly Reader[] }

const readerOf = ({ service, handler, event, when }: Route, projecting: ReadonlySet<string>): Reader => ({
  service,
  handler: handler.name,
  when: when === undefined ? undefined : conditionText(when, handler.contract.personal),
  reads: handler.reads,
  as: handler.contract.type === event ? undefined : handler.contract.type,
  projects: projecting.has(service),
})

/** Who emits and who takes each event, by type, from what the services declare; starts nothing. */
export const usesOf = (
  contracts: readonly EventContract[],
  services: readonly DeclaredService[],
): ReadonlyMap<string, Use> => {
  const emitters = new Map(graphOf(services).events.map(({ type, emittedBy }) => [type, emittedBy]))
  const projecting = new Set(services.flatMap(({ name, journaled }) => (journaled === false ? [name] : [])))
  const routes = planRoutes(services, [])
  return new Map(
    contracts.map(({ type }) => [
      type,
      {
        emittedBy: emitters.get(type) ?? [],
        readers: routes.filter(({ event }) => event === type).map((route) => readerOf(route, projecting)),
      },
    ]),
  )
}
