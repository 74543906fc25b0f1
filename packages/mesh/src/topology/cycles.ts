import type { Route } from '../routes/plan.ts'
import type { DeclaredService } from './declared-mesh.ts'

/** One step of a circle: an event and the handler that takes it. */
export type CycleStep = { readonly event: string; readonly service: string; readonly handler: string }

const emittedBy = (services: readonly DeclaredService[], { service, handler }: Route): readonly string[] =>
  (handler.emits ?? services.find(({ name }) => name === service)?.emits ?? []).map(({ type }) => type)

const stepOf = ({ event, service, handler }: Route): CycleStep => ({ event, service, handler: handler.name })

const idOf = (steps: readonly CycleStep[]): string =>
  steps
    .map(({ event, service, handler }) => `${event} ${service}/${handler}`)
    .toSorted()
    .join(' | ')

/**
 * Circles of events: ways from an event through handlers back to the same event, each told once, beginning anywhere. Routes that
 * are off lead nowhere; conditions are taken to hold. Services that only show what others did emit nothing from what they take.
 */
export const eventCycles = (
  services: readonly DeclaredService[],
  routes: readonly Route[],
): readonly (readonly CycleStep[])[] => {
  const views = new Set(services.flatMap(({ name, journaled }) => (journaled === false ? [name] : [])))
  const live = routes.filter(({ enabled, service }) => enabled && !views.has(service))
  const found = new Map<string, readonly CycleStep[]>()
  const done = new Set<string>()
  const follow = (event: string, path: readonly Route[]): void => {
    const start = path.findIndex((route) => route.event === event)
    if (start >= 0) {
      const steps = path.slice(start).map(stepOf)
      if (!found.has(idOf(steps))) found.set(idOf(steps), steps)
      return
    }
    if (done.has(event)) return
    for (const route of live.filter((one) => one.event === event))
      for (const next of emittedBy(services, route)) follow(next, [...path, route])
    done.add(event)
  }
  for (const { event } of live) follow(event, [])
  return [...found.values()]
}
