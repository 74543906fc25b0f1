import { fulfillment } from '@commerce-mesh/fulfillment'
import { gateway, stripeSource } from '@commerce-mesh/gateway'
import type { DeclaredSource, Service, startMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'

/** The services of an all-in-one mesh, in the order in which they start: the edge opens last. */
export const SERVICES = [fulfillment, payments, gateway] as const

/** Webhooks that the gateway serves by itself, and where their settings stand. */
export const BUILT_IN_SOURCES: readonly DeclaredSource[] = [
  { source: stripeSource as unknown as DeclaredSource['source'], path: ['services', 'gateway', 'stripe'] },
]

/** The same, as the runtime takes them: what a service's state and options are is its own affair. */
export const RUNNABLE = SERVICES as unknown as Parameters<typeof startMesh>[0]['services']

/** The event types that the order view shows, and so have an entry in an order's timeline. */
const shownEvents = (services: readonly Pick<Service, 'journaled' | 'consumes'>[]): ReadonlySet<string> =>
  new Set(
    services
      .filter(({ journaled }) => journaled === false)
      .flatMap(({ consumes }) => consumes.map(({ type }) => type)),
  )

/** What a trace has to know of the services besides what the order's timeline says. */
export const traceKnowledge = (
  services: readonly Pick<Service, 'name' | 'journaled' | 'consumes'>[] = SERVICES,
) => ({ consumers: consumersOfEvents(services), shown: shownEvents(services) })

/** Which services handle an event type; those that only project are left out, as the journal leaves them out. */
const consumersOfEvents = (
  services: readonly Pick<Service, 'name' | 'journaled' | 'consumes'>[],
): ReadonlyMap<string, readonly string[]> => {
  const pairs = services
    .filter(({ journaled }) => journaled !== false)
    .flatMap(({ name, consumes }) => consumes.map(({ type }) => ({ type, name })))
  return new Map(
    pairs.map(({ type }) => [type, pairs.filter((pair) => pair.type === type).map(({ name }) => name)]),
  )
}
