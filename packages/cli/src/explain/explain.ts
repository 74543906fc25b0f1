import { EventFormatError, mayEmit, readAs, sourceOf } from '@commerce-mesh/contracts'
import type { CloudEvent, EventContract, ProducerGrants } from '@commerce-mesh/contracts'
import { compileCondition, isHandler, planRoutes, routeText } from '@commerce-mesh/mesh'
import type { DeclaredService, Outcome, Route, RouteSettings } from '@commerce-mesh/mesh'
import { decide } from './decide.ts'

/** What a handler that does nothing but decide would decide about an event that is the first of its key. */
type Decision = {
  readonly outcome: Outcome<unknown>['outcome']
  readonly code?: string
  readonly reason?: string
  /** What comes of what it would emit. */
  readonly events: readonly Explained[]
}

/** What one route does with an event. */
export type Way = {
  readonly service: string
  readonly handler: string
  /** The route in words. */
  readonly route: string
  readonly verdict: 'takes' | 'skips' | 'off' | 'shows' | 'comes too late' | 'can’t read'
  readonly decision?: Decision
  /** Types that it may emit, where it is not run. */
  readonly mayEmit?: readonly string[]
  /** Why it can’t be read. */
  readonly reason?: string
}

/** What a mesh would do with an event. */
export type Explained = {
  readonly type: string
  readonly key: string
  readonly ways: readonly Way[]
  /** Why it would be set aside instead. */
  readonly refused?: string
}

/** The parts of a mesh that decide, without anything that runs. */
export type ExplainParts = {
  readonly services: readonly (DeclaredService & { initialState(): unknown })[]
  readonly routes: readonly RouteSettings[]
  readonly grants: ProducerGrants
  readonly now: Date
}

/** A circle of handlers would have no end; orders have three or four. */
const MOST_LEVELS = 8

type Service = ExplainParts['services'][number]

/** The event as a handler takes it, or what is wrong with it there: an upcast may fail, or change the key, where the event is sound. */
const readBy = (
  { handler: { contract } }: Route,
  event: CloudEvent<unknown>,
  key: string,
): CloudEvent<unknown> | string => {
  try {
    const read = readAs(contract, event)
    return contract.key(read.data) === key
      ? read
      : `its record key is not the one that ${contract.type} makes of the data`
  } catch (thrown) {
    if (!(thrown instanceof EventFormatError)) throw thrown
    return thrown.findings.map(({ path, message }) => `${path} ${message}`).join('; ')
  }
}

/** What comes of an event that a route brings to a handler. */
const taken = async (
  route: Route,
  service: Service,
  event: CloudEvent<unknown>,
  parts: ExplainParts,
  level: number,
): Promise<Pick<Way, 'decision' | 'mayEmit'>> => {
  const { handler, options } = route
  if (handler.pure !== true || !isHandler(handler) || level >= MOST_LEVELS)
    return { mayEmit: (handler.emits ?? service.emits).map(({ type }) => type) }
  const given = { event, state: service.initialState(), options, now: parts.now }
  const { drafts, ...decision } = await decide(handler, service, given)
  const source = sourceOf(service.name)
  const events: Explained[] = []
  for (const { contract, data } of drafts) {
    const next = { ...event, id: 'explained', source, type: contract.type, data }
    events.push(await explainAt(contract, next, parts, level + 1))
  }
  return { decision: { ...decision, events } }
}

const explainAt = async (
  contract: EventContract,
  event: CloudEvent<unknown>,
  parts: ExplainParts,
  level: number,
): Promise<Explained> => {
  const busy = new Set<string>()
  const key = contract.key(event.data)
  const wayOf = async (route: Route): Promise<Way> => {
    const base = { service: route.service, handler: route.handler.name, route: routeText(route) }
    const service = parts.services.find(({ name }) => name === route.service)
    if (!route.enabled || service === undefined) return { ...base, verdict: 'off' }
    const read = readBy(route, event, key)
    if (typeof read === 'string') return { ...base, verdict: 'can’t read', reason: read }
    if (route.when !== undefined && !compileCondition(route.when)(read.data))
      return { ...base, verdict: 'skips' }
    if (busy.has(service.name)) return { ...base, verdict: 'comes too late' }
    busy.add(service.name)
    return service.journaled === false
      ? { ...base, verdict: 'shows' }
      : { ...base, verdict: 'takes', ...(await taken(route, service, read, parts, level)) }
  }
  const ways: Way[] = []
  for (const route of planRoutes(parts.services, parts.routes))
    if (route.event === contract.type) ways.push(await wayOf(route))
  return { type: contract.type, key, ways }
}

/**
 * Says for one event which routes take it, which don't and why, and what each handler would emit. Nothing is done: only handlers
 * that promise to be pure are run, on the state of a key that nothing has happened to yet.
 *
 * @throws EventFormatError where the event breaks its contract: the mesh would set it aside.
 */
export const explainEvent = async (
  contract: EventContract,
  event: CloudEvent<unknown>,
  parts: ExplainParts,
): Promise<Explained> => {
  const sound = readAs(contract, event)
  if (mayEmit(contract, event.source, parts.grants)) return await explainAt(contract, sound, parts, 1)
  const refused = `${event.source} may not emit ${contract.type}: its owner is ${contract.owner}, and \`producers\` lists nobody else of this name`
  return { type: contract.type, key: contract.key(sound.data), ways: [], refused }
}
