import type { Problem } from '../finding/issue-findings.ts'
import { type Routable, type Route, namedBy, planRoutes } from '../routes/plan.ts'
import type { RouteSettings } from '../routes/settings.ts'

/** What is wrong with a route, or worth to be known. */
export type RouteProblem = Problem & { readonly severity?: 'warning' }

/** The nth route of the file that a planned one comes from. */
const nthOf = (routes: readonly RouteSettings[], { event, service, handler }: Route): number =>
  routes.findIndex(
    (route) => route.event === event && (route.to === service || route.to === `${service}/${handler.name}`),
  )

const duplicates = (
  services: readonly Routable[],
  routes: readonly RouteSettings[],
): readonly RouteProblem[] => {
  const first = new Map<string, number>()
  return routes.flatMap((route, nth) =>
    namedBy(services, route).flatMap(({ service, handler }): readonly RouteProblem[] => {
      const id = `${route.event} ${service}/${handler.name}`
      const before = first.get(id)
      if (before === undefined) first.set(id, nth)
      return before === undefined
        ? []
        : [
            {
              code: 'MESH_ROUTE_DUPLICATE',
              path: ['routes', nth],
              message: `${route.event} is routed to ${service}/${handler.name} already, by ${routes[before]?.where ?? `routes.${before}`}.`,
            },
          ]
    }),
  )
}

const unreachable = (
  planned: readonly Route[],
  routes: readonly RouteSettings[],
): readonly RouteProblem[] => {
  const taken = new Map<string, Route>()
  return planned
    .filter(({ enabled }) => enabled)
    .flatMap((route): readonly RouteProblem[] => {
      const id = `${route.event} ${route.service}`
      const before = taken.get(id)
      if (before === undefined && route.when === undefined) taken.set(id, route)
      if (before === undefined) return []
      const written = nthOf(routes, route.where === 'default' ? before : route)
      const who = `${route.service}/${route.handler.name}`
      return [
        {
          code: 'MESH_ROUTE_UNREACHABLE',
          path: written < 0 ? ['services', route.service] : ['routes', written],
          message: `${who} never gets ${route.event}: ${before.handler.name} takes every one before it (${before.where}).`,
          ...(route.where === 'default' && {
            fix: `Give ${before.handler.name} a condition, or add a route for ${who} with enabled: false.`,
          }),
        },
      ]
    })
}

const switchedOff = (planned: readonly Route[], routes: readonly RouteSettings[]): readonly RouteProblem[] =>
  planned
    .filter(({ enabled }) => !enabled)
    .map((route) => ({
      code: 'MESH_ROUTE_OFF',
      severity: 'warning',
      path: ['routes', nthOf(routes, route), 'enabled'],
      message: `${route.service}/${route.handler.name} gets no ${route.event}.`,
    }))

/** Handlers that get an event by default and have options that a route has to give. */
const optionless = (planned: readonly Route[]): readonly RouteProblem[] =>
  planned
    .filter(({ where, handler }) => where === 'default' && handler.options?.safeParse({}).success === false)
    .map(({ service, handler, event }) => ({
      code: 'MESH_ROUTE_OPTIONS',
      path: ['services', service],
      message: `${service}/${handler.name} needs options for ${event}, and no route gives them.`,
      fix: `Add a route of ${event} to ${service}/${handler.name} with its options.`,
    }))

/**
 * What is wrong with routes beside each other: an event that goes twice to one handler, or past one because another takes
 * everything, or nowhere.
 *
 * @param unsure - the nth routes whose target is in question: nobody else is held against them.
 */
export const problemsBetween = (
  services: readonly Routable[],
  routes: readonly RouteSettings[],
  unsure: ReadonlySet<number>,
): readonly RouteProblem[] => {
  const twice = duplicates(services, routes)
  const left = routes.filter((_, nth) => !unsure.has(nth) && twice.every(({ path }) => path[1] !== nth))
  const planned = planRoutes(services, left)
  return [...twice, ...unreachable(planned, routes), ...switchedOff(planned, routes), ...optionless(planned)]
}
