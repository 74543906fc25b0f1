import type { EventContract } from '@commerce-mesh/contracts'
import { problemsOf } from '../finding/issue-findings.ts'
import { jsonSchemaOf } from '../finding/json-schema.ts'
import { nearestKey } from '@commerce-mesh/contracts'
import type { HandlerDeclaration } from '../service/handler.ts'
import type { DeclaredMesh, DeclaredService } from './declared-mesh.ts'
import { contractsOf } from './declared-mesh.ts'
import { conditionProblems } from '../routes/can-hold.ts'
import { namedBy, targetOf } from '../routes/plan.ts'
import { type RouteProblem, problemsBetween } from './problems-between-routes.ts'
import { readCondition } from '../routes/read-condition.ts'
import type { RouteSettings } from '../routes/settings.ts'

type Path = readonly PropertyKey[]

/** What to say of an event type that there is no contract for. */
export const unknownEvent = (
  type: string,
  known: readonly string[],
): { readonly message: string; readonly fix?: string } => {
  const name = type.replace(/\.v\d+$/, '')
  const versions = known.filter((one) => one.replace(/\.v\d+$/, '') === name)
  if (versions.length > 0)
    return {
      message: `there is no version '${type}' of this event.`,
      fix: `There ${versions.length === 1 ? 'is' : 'are'}: ${versions.join(', ')}.`,
    }
  const near = nearestKey(type, known)
  return {
    message: `there is no event '${type}'.`,
    fix: near === undefined ? `There are: ${known.join(', ')}.` : `Did you mean '${near}'?`,
  }
}

const handlerNames = ({ name, handlers }: DeclaredService) =>
  handlers.map((handler) => `${name}/${handler.name}`)

const strayTarget = (
  services: readonly DeclaredService[],
  { event, to }: RouteSettings,
  path: Path,
): RouteProblem => {
  const { name, handlerName } = targetOf(to)
  const service = services.find((one) => one.name === name)
  const handler = service?.handlers.find((one) => one.name === handlerName)
  if (service !== undefined && (handler !== undefined || handlerName === undefined)) {
    const taken = handler === undefined ? service.handlers : [handler]
    return {
      code: 'MESH_ROUTE_MISMATCH',
      path: [...path, 'event'],
      message: `${to} does not take ${event}.`,
      fix: `It takes ${[...new Set(taken.map(({ contract }) => contract.type))].join(', ') || 'no events'}.`,
    }
  }
  const known = services.flatMap(handlerNames)
  const near = nearestKey(to, [...services.map((one) => one.name), ...known])
  const takers = services.flatMap((one) =>
    namedBy([one], { event, to: one.name }).map(({ service: of, handler: { name: by } }) => `${of}/${by}`),
  )
  return {
    code: 'MESH_ROUTE_HANDLER_UNKNOWN',
    path: [...path, 'to'],
    message: `there is no ${handlerName === undefined || service === undefined ? `service '${name}'` : `handler '${handlerName}' in ${name}`}.`,
    fix:
      near === undefined
        ? `${event} is taken by: ${takers.join(', ') || 'nobody'}.`
        : `Did you mean '${near}'?`,
  }
}

const optionProblems = (
  { options: schema, name }: HandlerDeclaration,
  given: unknown,
  path: Path,
): readonly RouteProblem[] => {
  if (schema === undefined)
    return given === undefined
      ? []
      : [{ code: 'MESH_ROUTE_OPTIONS', path, message: `${name} takes no options.`, fix: 'Leave them out.' }]
  const parsed = schema.safeParse(given ?? {})
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) =>
    problemsOf(jsonSchemaOf(schema), given ?? {}, issue).map((problem) => ({
      ...problem,
      ...(problem.code === 'MESH_CONFIG_UNKNOWN_KEY'
        ? { message: `${name} has no option '${problem.path.join('.')}'.` }
        : { code: 'MESH_ROUTE_OPTIONS' as const }),
      path: [...path, ...problem.path],
    })),
  )
}

const conditionFor = (contract: EventContract, when: unknown, path: Path): readonly RouteProblem[] => {
  if (when === undefined) return []
  const { condition, problems } = readCondition(when, path)
  return condition === undefined ? problems : conditionProblems(contract, condition, path)
}

const problemsOfRoute = (
  mesh: DeclaredMesh,
  known: ReadonlyMap<string, EventContract>,
  route: RouteSettings,
  path: Path,
): readonly RouteProblem[] => {
  const { services } = mesh
  if (!known.has(route.event))
    return [
      {
        code: 'MESH_ROUTE_EVENT_UNKNOWN',
        path: [...path, 'event'],
        ...unknownEvent(route.event, [...known.keys()]),
      },
    ]
  const named = namedBy(services, route)
  const [first] = named
  if (first === undefined) return [strayTarget(services, route, path)]
  const projecting = services.find(({ name }) => name === first.service)?.journaled === false
  if (projecting)
    return [
      {
        code: 'MESH_ROUTE_PROJECTION',
        path: [...path, 'to'],
        message: `${first.service} shows what others did, and takes every event for that.`,
      },
    ]
  if (named.length > 1)
    return [
      {
        code: 'MESH_ROUTE_HANDLER_UNKNOWN',
        path: [...path, 'to'],
        message: `${route.to} has several handlers for ${route.event}.`,
        fix: `Name one: ${named.map(({ service, handler }) => `${service}/${handler.name}`).join(', ')}.`,
      },
    ]
  return [
    ...conditionFor(first.handler.contract, route.when, [...path, 'when']),
    ...optionProblems(first.handler, route.options, [...path, 'options']),
  ]
}

const ownConditions = ({ services }: DeclaredMesh): readonly RouteProblem[] =>
  services.flatMap(({ name, handlers }) =>
    handlers.flatMap(({ name: handler, contract, when }) =>
      when === undefined
        ? []
        : conditionFor(contract, when, []).map((problem) => ({
            ...problem,
            path: ['services', name],
            message: `handler ${handler}: ${problem.message}`,
          })),
    ),
  )

/** Everything that is wrong with the routes of mesh.yaml, held against what services and plugins declare. */
export const routeProblems = (
  mesh: DeclaredMesh,
  routes: readonly RouteSettings[],
): readonly RouteProblem[] => {
  const known = contractsOf(mesh)
  const single = routes.map((route, nth) => problemsOfRoute(mesh, known, route, ['routes', nth]))
  const unsure = new Set(
    single.flatMap((found, nth) =>
      found.some(({ code }) => code === 'MESH_ROUTE_HANDLER_UNKNOWN') ? [nth] : [],
    ),
  )
  return [...single.flat(), ...problemsBetween(mesh.services, routes, unsure), ...ownConditions(mesh)]
}
