import { readableVersions } from '@commerce-mesh/contracts'
import type { HandlerDeclaration } from '../service/handler.ts'
import type { Service } from '../service/service.ts'
import { type Condition, conditionText } from './condition.ts'
import { readCondition } from './read-condition.ts'
import type { RouteSettings } from './settings.ts'

/** What of a service routes are made of. */
export type Routable = Pick<Service, 'name' | 'handlers'>

/** One way of an event to a handler, whether mesh.yaml or the service says so. */
export type Route = {
  readonly service: string
  readonly handler: HandlerDeclaration
  /** Event type, which is the topic too. */
  readonly event: string
  readonly enabled: boolean
  /** Undefined: always. */
  readonly when?: Condition
  /** As the handler's schema gives them. */
  readonly options: unknown
  /** `default`, or where it stands: `mesh.yaml:12`. */
  readonly where: string
}

/** A route in words, for the journal and for people: `mesh.yaml:12 when currency in USD, EUR`. */
export const routeText = ({ where, when, handler }: Pick<Route, 'where' | 'when' | 'handler'>): string =>
  when === undefined ? where : `${where} when ${conditionText(when, handler.contract.personal)}`

const takes = ({ contract }: HandlerDeclaration, type: string): boolean =>
  readableVersions(contract).some((version) => version.type === type)

/**
 * The handlers of a service that an event may go to: those of its own version before those that it is upcast for, of which
 * the newest version counts.
 */
export const handlersFor = (
  { handlers }: Pick<Routable, 'handlers'>,
  type: string,
): readonly HandlerDeclaration[] => {
  const able = handlers.filter((handler) => takes(handler, type))
  const exact = able.filter(({ contract }) => contract.type === type)
  if (exact.length > 0) return exact
  const newest = Math.max(...able.map(({ contract }) => contract.version))
  return able.filter(({ contract }) => contract.version === newest)
}

/** `SERVICE/HANDLER`, or `SERVICE` alone. */
export const targetOf = (to: string): { readonly name: string; readonly handlerName?: string } => {
  const slash = to.indexOf('/')
  return slash < 0 ? { name: to } : { name: to.slice(0, slash), handlerName: to.slice(slash + 1) }
}

/** The service and handler that `to` names; several where it names a service with several handlers for the event. */
export const namedBy = (
  services: readonly Routable[],
  { event, to }: Pick<RouteSettings, 'event' | 'to'>,
): readonly { readonly service: string; readonly handler: HandlerDeclaration }[] => {
  const { name, handlerName } = targetOf(to)
  return services
    .filter((service) => service.name === name)
    .flatMap((service) =>
      handlersFor(service, event)
        .filter((handler) => handlerName === undefined || handler.name === handlerName)
        .map((handler) => ({ service: service.name, handler })),
    )
}

const optionsFor = ({ options: schema }: HandlerDeclaration, options: unknown): unknown => {
  const parsed = schema?.safeParse(options ?? {})
  return parsed?.success === true ? parsed.data : {}
}

/** What a condition that can't be read counts as: nobody shall get what was to be kept from them. */
const NEVER: Condition = { any: [] }

const written = (services: readonly Routable[], settings: RouteSettings, nth: number): readonly Route[] => {
  const condition =
    settings.when === undefined ? undefined : (readCondition(settings.when, []).condition ?? NEVER)
  return namedBy(services, settings).map(({ service, handler }) => ({
    service,
    handler,
    event: settings.event,
    enabled: settings.enabled,
    ...(condition !== undefined && { when: condition }),
    options: optionsFor(handler, settings.options),
    where: settings.where ?? `routes.${nth}`,
  }))
}

const own = (service: Routable): readonly Route[] => {
  const types = new Set(
    service.handlers.flatMap(({ contract }) => readableVersions(contract).map(({ type }) => type)),
  )
  return [...types].flatMap((event) =>
    handlersFor(service, event).map((handler) => ({
      service: service.name,
      handler,
      event,
      enabled: true,
      ...(handler.when !== undefined && { when: handler.when }),
      options: optionsFor(handler, undefined),
      where: 'default',
    })),
  )
}

const idOf = ({ service, handler, event }: Route): string => `${event} ${service}/${handler.name}`

/**
 * Every route of a mesh: those of mesh.yaml in their order, then those of the services that no route of mesh.yaml stands in for.
 * Of the routes to one service the first whose condition holds takes an event.
 */
export const planRoutes = (
  services: readonly Routable[],
  routes: readonly RouteSettings[],
): readonly Route[] => {
  const fromFile = routes.flatMap((settings, nth) => written(services, settings, nth))
  const replaced = new Set(fromFile.map(idOf))
  return [...fromFile, ...services.flatMap(own).filter((route) => !replaced.has(idOf(route)))]
}
