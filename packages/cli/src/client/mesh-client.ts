import type { OrderStatus } from '@commerce-mesh/gateway'
import type { Operations } from '@commerce-mesh/mesh'

/** What a command may ask of a mesh, whether it runs (HTTP) or only its data is there. Commands do not know which. */
export type MeshClient = Operations & {
  /** Where the answers come from, for people. */
  readonly where: string
  /** Status of an order; undefined when no such order is known. */
  order(orderNumber: string): Promise<OrderStatus | undefined>
  /** Why services are held back, by service. Empty where that is not known; never fails. */
  notes(): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}
