import type { Route } from '../routes/plan.ts'
import type { DeclaredService } from './declared-mesh.ts'

/** One step of a circle: an event and the handler that takes it. */
export type CycleStep = { readonly event: string; readonly service: string; readonly handler: string }

/** A route and what its handler may emit. */
type Leap = { readonly route: Route; readonly emits: readonly string[] }

/** Services that only show what others did emit nothing from what they take, unless a handler says that it does. */
const emittedBy = (services: readonly DeclaredService[], { service, handler }: Route): readonly string[] => {
  const declared = services.find(({ name }) => name === service)
  const all = declared === undefined || declared.journaled === false ? [] : declared.emits
  return [...new Set((handler.emits ?? all).map(({ type }) => type))]
}

const stepOf = ({ route: { event, service, handler } }: Leap): CycleStep => ({
  event,
  service,
  handler: handler.name,
})

const idOf = (steps: readonly CycleStep[]): string =>
  steps
    .map(({ event, service, handler }) => `${event} ${service}/${handler}`)
    .toSorted()
    .join(' | ')

/** The shortest way from one event to another, through the handlers that take what the one before emits. */
const wayBetween = (
  from: string,
  to: string,
  takers: ReadonlyMap<string, readonly Leap[]>,
): readonly Leap[] | undefined => {
  const ways = new Map<string, readonly Leap[]>([[from, []]])
  // A map hands out what is added while it is gone through.
  for (const [event, way] of ways) {
    if (event === to) return way
    for (const leap of takers.get(event) ?? [])
      for (const next of leap.emits) if (!ways.has(next)) ways.set(next, [...way, leap])
  }
  return undefined
}

/**
 * Circles of events: ways from an event through handlers back to the same event, each told once. Of the circles that pass from
 * one handler's event to the next the shortest is told, so that there are no more than such passages, and none of them is left
 * out. Routes that are off lead nowhere; conditions are taken to hold.
 */
export const eventCycles = (
  services: readonly DeclaredService[],
  routes: readonly Route[],
): readonly (readonly CycleStep[])[] => {
  const leaps = routes
    .filter(({ enabled }) => enabled)
    .map((route): Leap => ({ route, emits: emittedBy(services, route) }))
  const takers = Map.groupBy(leaps, ({ route }) => route.event)
  const found = new Map<string, readonly CycleStep[]>()
  for (const leap of leaps)
    for (const next of leap.emits) {
      const back = wayBetween(next, leap.route.event, takers)
      if (back === undefined) continue
      const steps = [leap, ...back].map(stepOf)
      if (!found.has(idOf(steps))) found.set(idOf(steps), steps)
    }
  return [...found.values()]
}
