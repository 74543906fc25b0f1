import { setTimeout as pause } from 'node:timers/promises'
import type { OrderStatus } from '@commerce-mesh/gateway'
import type { MeshClient } from '../client/mesh-client.ts'

const ASK_EVERY_MS = 50

/** Whether an order's journey is over, or stands until a person looks. */
const isSettled = ({ status, attention = [] }: OrderStatus): boolean =>
  status === 'fulfilled' || status === 'failed' || attention.length > 0

/**
 * Asks for an order until it is fulfilled, failed or waits for a person, or the time is over.
 *
 * @returns the last status; undefined when the order was never known.
 */
export const awaitOrder = async (
  mesh: Pick<MeshClient, 'order'>,
  orderNumber: string,
  timeoutMs: number,
  signal?: AbortSignal,
  isDone: (status: OrderStatus) => boolean = isSettled,
): Promise<OrderStatus | undefined> => {
  const until = performance.now() + timeoutMs
  for (;;) {
    const status = await mesh.order(orderNumber)
    if ((status !== undefined && isDone(status)) || performance.now() >= until || signal?.aborted === true)
      return status
    await pause(ASK_EVERY_MS)
  }
}
