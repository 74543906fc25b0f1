import type { EventContract } from '@commerce-mesh/contracts'
import { frozen } from '../service/frozen.ts'
import type { Handler, HandlerDeclaration } from '../service/handler.ts'
import { compileCondition } from './condition.ts'
import { type Routable, type Route, handlersFor, routeText } from './plan.ts'

/** What takes an event in one service: a handler with the options of the route that led there. */
export type Taker<S> = {
  readonly handler: Handler<S>
  readonly options: unknown
  /** The route in words. */
  readonly route: string
}

/** What became of an event at a service's routes; without a taker nobody gets it, and `reason` says why. */
type Routed<S> = { readonly taker: Taker<S> } | { readonly skipped: Taker<S>; readonly reason: string }

/** How a service takes the records of one topic. */
export type Intake<S> = {
  /** What records are read as: the topic's own version, or the one that it is upcast to. */
  readonly contract: EventContract
  route(data: unknown): Routed<S>
}

const never: Omit<Handler<never>, keyof HandlerDeclaration> = {
  handle: () => {
    throw new TypeError('A handler that a route has skipped was called.')
  },
}

/** The journal repeats it for every event: a condition may list a thousand products. */
const LONGEST_TEXT = 300

const shortText = (route: Route): string => {
  const text = routeText(route)
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`
}

const skipReason = (routes: readonly Route[]): string =>
  routes.length === 0
    ? 'route: no route leads here'
    : `route: ${routes.map((route) => (route.enabled ? `${shortText(route)} does not hold` : `${route.where} is off`)).join('; ')}`

const intakeOf = <S>(
  service: Routable,
  type: string,
  routes: readonly Route[],
  handlers: ReadonlyMap<string, Handler<S>>,
): Intake<S> => {
  const declared = handlersFor(service, type)[0]
  if (declared === undefined) throw new TypeError(`Nothing in ${service.name} takes ${type}.`)
  const mine = routes.filter((route) => route.service === service.name && route.event === type)
  const reason = skipReason(mine)
  const skipped: Routed<S> = {
    skipped: {
      handler: { ...(mine[0]?.handler ?? declared), ...never },
      options: {},
      route: mine[0] === undefined ? 'none' : shortText(mine[0]),
    },
    reason,
  }
  const ways = mine
    .filter(({ enabled }) => enabled)
    .map((route) => {
      const handler = handlers.get(route.handler.name)
      if (handler === undefined) throw new TypeError(`${service.name}/${route.handler.name} has no function.`)
      const holds = route.when === undefined ? () => true : compileCondition(route.when)
      const taken: Routed<S> = { taker: { handler, options: frozen(route.options), route: shortText(route) } }
      return { holds, taken }
    })
  return {
    contract: declared.contract,
    route: (data) => ways.find(({ holds }) => holds(data))?.taken ?? skipped,
  }
}

/**
 * How a service takes the records of its topics.
 *
 * @param routes - of the whole mesh or of this service.
 * @param handlers - by name, each with its function.
 */
export const intakesOf = <S>(
  service: Routable & { readonly consumes: readonly EventContract[] },
  routes: readonly Route[],
  handlers: ReadonlyMap<string, Handler<S>>,
): ReadonlyMap<string, Intake<S>> =>
  new Map(service.consumes.map(({ type }) => [type, intakeOf(service, type, routes, handlers)]))
