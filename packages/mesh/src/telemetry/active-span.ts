import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from '@opentelemetry/api'
import type { Span } from './span.ts'

/** What a piece of asynchronous work belongs to. */
type Place = {
  readonly span?: Span
  /** The same for OpenTelemetry's API; only with a collector. */
  readonly context?: Context
}

const places = new AsyncLocalStorage<Place>()

/** Where this work belongs. */
export const activePlace = (): Place | undefined => places.getStore()

/** The span whose work runs at this moment. */
export const activeSpan = (): Span | undefined => places.getStore()?.span

/** Runs work at a place: everything that it starts belongs there too. */
export const runAt = <T>(place: Place, work: () => T): T => places.run(place, work)

/** Runs work that belongs to nobody's span, whoever calls: timers and queues that others wait in too. */
export const detached = <T>(work: () => T): T => places.run({}, work)
