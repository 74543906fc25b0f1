import type { FoundOrders, OrderClue, OrderStatus } from '@commerce-mesh/gateway'
import type { Operations } from '@commerce-mesh/mesh'

/** What a command may ask of a mesh, whether it runs (HTTP) or only its data is there. Commands do not know which. */
export type MeshClient = Operations & {
  /** Where the answers come from, for people. */
  readonly where: string
  /** Status of an order; undefined when no such order is known. */
  order(orderNumber: string): Promise<OrderStatus | undefined>
  /** Orders that a trace, a payment or an event belongs to; may look through all orders. */
  findOrders(clue: OrderClue): Promise<FoundOrders>
  /** Why services are held back, by service. Empty where that is not known; never fails. */
  notes(): Promise<Readonly<Record<string, string>>>
  /** Records that the order view has not shown yet, where nobody may be at work on them; 0: it is up to date. */
  viewLag(): Promise<number>
  close(): Promise<void>
}
