import { readableVersions } from '@commerce-mesh/contracts'
import type { CloudEvent, EventContract } from '@commerce-mesh/contracts'
import { fieldsIn, isHandler, planRoutes } from '@commerce-mesh/mesh'
import type {
  ConsumerSettings,
  DeclaredService,
  Handler,
  HandlerDeclaration,
  Route,
  RouteSettings,
} from '@commerce-mesh/mesh'
import { watchData } from './watched-data.ts'

/** A route to a reader, with the fields that its condition looks at. */
type ReaderRoute = { readonly where: string; readonly fields: readonly string[] }

/** Who reads an event version, and which of its fields. */
export type Reader = {
  /** A service, or somebody outside whom `consumers` lists. */
  readonly service: string
  /** Undefined: outside of the mesh. */
  readonly handler?: string
  /** Event type of the contract that it reads by; older versions are upcast to it. */
  readonly type: string
  /** Dotted paths of the data; `unknown`: it may read everything. */
  readonly reads: readonly string[] | 'unknown'
  readonly routes: readonly ReaderRoute[]
}

/** A service as far as its handlers can be watched. */
export type WatchedService = DeclaredService & { initialState(): unknown }

const TRACEPARENT = '00-00000000000000000000000000000001-0000000000000001-00'

/** Stored events say more than one sample: branches that it does not take read other fields. */
const watchHandler = async (
  handler: Handler,
  service: WatchedService,
  events: readonly CloudEvent<unknown>[],
  options: unknown,
): Promise<readonly string[] | 'unknown'> => {
  const paths = new Set<string>()
  for (const event of events) {
    const { data, readPaths } = watchData(event.data)
    const context = {
      now: new Date(0),
      attempt: 1,
      signal: new AbortController().signal,
      traceparent: TRACEPARENT,
      options,
    }
    try {
      await handler.handle({ ...event, data } as CloudEvent<never>, service.initialState(), context as never)
    } catch {
      return 'unknown'
    }
    for (const path of readPaths()) paths.add(path)
  }
  return events.length === 0 ? 'unknown' : [...paths].toSorted()
}

const readsOf = async (
  handler: HandlerDeclaration,
  service: WatchedService,
  events: readonly CloudEvent<unknown>[],
  options: unknown,
): Promise<Reader['reads']> => {
  if (handler.reads !== undefined) return handler.reads
  return handler.pure === true && isHandler(handler)
    ? watchHandler(handler, service, events, options)
    : 'unknown'
}

const routesTo = (
  routes: readonly Route[],
  service: string,
  { name, contract }: HandlerDeclaration,
): readonly Route[] => {
  const types = readableVersions(contract).map(({ type }) => type)
  return routes.filter(
    (route) => route.service === service && route.handler.name === name && types.includes(route.event),
  )
}

/**
 * Who reads which fields of which event: as handlers declare it, or as they are seen to do it where they promise to be pure and
 * events of theirs are stored.
 *
 * @param stored - events of a contract's type, for handlers that can be watched.
 */
export const readersOf = async (
  services: readonly WatchedService[],
  {
    routes,
    consumers,
  }: { readonly routes: readonly RouteSettings[]; readonly consumers: readonly ConsumerSettings[] },
  stored: (contract: EventContract) => readonly CloudEvent<unknown>[],
): Promise<readonly Reader[]> => {
  const planned = planRoutes(services, routes)
  const inside = services.flatMap((service) =>
    service.handlers.map(async (handler): Promise<Reader> => {
      const mine = routesTo(planned, service.name, handler)
      return {
        service: service.name,
        handler: handler.name,
        type: handler.contract.type,
        reads: await readsOf(handler, service, stored(handler.contract), mine[0]?.options ?? {}),
        routes: mine.map(({ where, when }) => ({ where, fields: when === undefined ? [] : fieldsIn(when) })),
      }
    }),
  )
  const outside = consumers.flatMap(({ name, reads }) =>
    reads.map((type): Reader => ({ service: name, type, reads: 'unknown', routes: [] })),
  )
  return [...(await Promise.all(inside)), ...outside]
}
