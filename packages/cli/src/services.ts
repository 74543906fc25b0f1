import { fulfillment } from '@commerce-mesh/fulfillment'
import { gateway } from '@commerce-mesh/gateway'
import type { startMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'

/** The services of an all-in-one mesh, in the order in which they start: the edge opens last. */
export const SERVICES = [fulfillment, payments, gateway] as const

/** The same, as the runtime takes them: what a service's state and options are is its own affair. */
export const RUNNABLE = SERVICES as unknown as Parameters<typeof startMesh>[0]['services']

/** Which services handle an event type; those that only project are left out, as the journal leaves them out. */
export const consumersOfEvents = (): ReadonlyMap<string, readonly string[]> => {
  const pairs = SERVICES.filter(({ journaled }) => journaled !== false).flatMap(({ name, consumes }) =>
    consumes.map(({ type }) => ({ type, name })),
  )
  return new Map(
    pairs.map(({ type }) => [type, pairs.filter((pair) => pair.type === type).map(({ name }) => name)]),
  )
}
