import { type OrderSubmitted, orderSubmitted } from '@commerce-mesh/contracts'
import type { Metrics, ServiceContext } from '@commerce-mesh/mesh'
import type { RecentOrders } from './recent-orders.ts'
import { eventIdOf } from './event-id.ts'

/** What accepting an order needs of the runtime. */
export type AcceptParts = {
  readonly publish: ServiceContext<unknown>['publish']
  readonly metrics: Metrics
  readonly recent: RecentOrders
}

/**
 * Id of an order's event: the same caller, channel and order give the same id.
 *
 * @param order - parsed: the schema has put the fields into one order, so that the text is canonical.
 */
export const orderEventId = (order: OrderSubmitted): string =>
  eventIdOf('order.submitted', order.submittedBy, order.channel, order.orderNumber, JSON.stringify(order))

/**
 * Makes an order durable (promise 1): resolves when order.submitted is on disk.
 *
 * @throws MeshError MESH_BUS_UNAVAILABLE when it can't be; then nothing was accepted.
 */
export const acceptOrder = async (
  { publish, metrics, recent }: AcceptParts,
  order: OrderSubmitted,
  stamp: { id: string; traceparent: string },
): Promise<void> => {
  await publish(orderSubmitted, order, stamp)
  metrics.count('mesh_accepted_total', { type: orderSubmitted.type, channel: order.channel })
  recent.note(order)
}
