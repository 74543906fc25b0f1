import { mayEmit, readAs } from '@commerce-mesh/contracts'
import type { CloudEvent, EventContract, ProducerGrants } from '@commerce-mesh/contracts'
import { isHandler, isOutcome, planRoutes, routeText, compileCondition } from '@commerce-mesh/mesh'
import type { DeclaredService, Handler, Outcome, Route, RouteSettings } from '@commerce-mesh/mesh'

/** What a handler that does nothing but decide would decide about an event that is the first of its key. */
export type Decision = {
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
  readonly verdict: 'takes' | 'skips' | 'off' | 'shows' | 'comes too late'
  readonly decision?: Decision
  /** Types that it may emit, where it is not run. */
  readonly mayEmit?: readonly string[]
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

const TRACEPARENT = '00-00000000000000000000000000000001-0000000000000001-00'

const decide = async (
  handler: Handler,
  route: Route,
  event: CloudEvent<unknown>,
  state: unknown,
  now: Date,
): Promise<Outcome<unknown> | undefined> => {
  const context = {
    now,
    attempt: 1,
    signal: new AbortController().signal,
    traceparent: TRACEPARENT,
    options: route.options,
  }
  try {
    const outcome = await handler.handle(event as CloudEvent<never>, state, context as never)
    return isOutcome(outcome) ? outcome : undefined
  } catch {
    return undefined
  }
}

const draftsOf = ({ events = [] }: Outcome<unknown>) => events

const explainAt = async (
  contract: EventContract,
  event: CloudEvent<unknown>,
  parts: ExplainParts,
  level: number,
): Promise<Explained> => {
  const { services, now } = parts
  const planned = planRoutes(services, parts.routes).filter((route) => route.event === contract.type)
  const decisionOf = async (route: Route): Promise<Pick<Way, 'decision' | 'mayEmit'>> => {
    const service = services.find(({ name }) => name === route.service)
    const { handler } = route
    const declared = (handler.emits ?? service?.emits ?? []).map(({ type }) => type)
    if (handler.pure !== true || !isHandler(handler) || service === undefined || level >= MOST_LEVELS)
      return { mayEmit: declared }
    const read = readAs(handler.contract, event)
    const outcome = await decide(handler, route, read, service.initialState(), now)
    if (outcome === undefined) return { mayEmit: declared }
    const events = await Promise.all(
      draftsOf(outcome).map(({ contract: next, data }) =>
        explainAt(next, { ...event, id: 'explained', type: next.type, data }, parts, level + 1),
      ),
    )
    return {
      decision: {
        outcome: outcome.outcome,
        ...('code' in outcome && { code: outcome.code }),
        ...(outcome.reason !== undefined && { reason: outcome.reason }),
        events,
      },
    }
  }
  const taken = new Set<string>()
  const ways: Way[] = []
  for (const route of planned) {
    const { service, handler, when, enabled } = route
    const base = { service, handler: handler.name, route: routeText(route) }
    const views = services.find(({ name }) => name === service)?.journaled === false
    const holds = when === undefined || compileCondition(when)(readAs(handler.contract, event).data)
    if (!enabled) ways.push({ ...base, verdict: 'off' })
    else if (!holds) ways.push({ ...base, verdict: 'skips' })
    else if (taken.has(service)) ways.push({ ...base, verdict: 'comes too late' })
    else {
      taken.add(service)
      ways.push({ ...base, verdict: views ? 'shows' : 'takes', ...(!views && (await decisionOf(route))) })
    }
  }
  return { type: contract.type, key: contract.key(event.data), ways }
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
  const explained = await explainAt(contract, sound, parts, 1)
  if (mayEmit(contract, event.source, parts.grants)) return explained
  const refused = `${event.source} may not emit ${contract.type}: its owner is ${contract.owner}, and \`producers\` lists nobody else of this name`
  return { ...explained, ways: [], refused }
}
