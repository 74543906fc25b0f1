import type { FoundOrders, OrderClue, OrderStatus } from '@commerce-mesh/gateway'
import { isMeshError } from '@commerce-mesh/mesh'
import type { MeshClient } from '../client/mesh-client.ts'

/** What an id led to. */
export type Found =
  /** One order; `by` is missing where the id is its number. */
  | { readonly status: OrderStatus; readonly by?: keyof OrderClue }
  | { readonly several: readonly string[]; readonly by: keyof OrderClue }
  /** None; `limit` says why other ids than numbers were not looked for. */
  | { readonly limit?: string }

/** Longest id that anything has. */
const MOST_CHARACTERS = 255

/** An answer that takes longer was in no index. */
const SLOW_MS = 400

/** Everything besides an order number that an id may be. */
const clueOf = (id: string): OrderClue => ({
  ...(/^[0-9a-f]{32}$/i.test(id) && { traceId: id.toLowerCase() }),
  paymentReference: id,
  eventId: id,
})

/** Why a mesh did not look for other ids: not for this caller, or it is of an earlier release. */
const limitOf = (thrown: unknown): string | undefined => {
  if (isMeshError(thrown, 'MESH_FORBIDDEN'))
    return 'Orders are found by other ids than their numbers only with a key of scope `operate`.'
  return isMeshError(thrown, 'MESH_METHOD_NOT_ALLOWED')
    ? 'This gateway is of an earlier release and finds orders only by their numbers.'
    : undefined
}

const lookFor = async (
  mesh: Pick<MeshClient, 'findOrders'>,
  id: string,
  onSlow: () => void,
): Promise<FoundOrders | string> => {
  const slow = setTimeout(onSlow, SLOW_MS)
  try {
    return await mesh.findOrders(clueOf(id))
  } catch (thrown) {
    const limit = limitOf(thrown)
    if (limit === undefined) throw thrown
    return limit
  } finally {
    clearTimeout(slow)
  }
}

/**
 * Finds the order that somebody means by its number, or else by a trace id, a payment reference or an event id.
 *
 * @param onSlow - called when all orders have to be looked through, which takes its time.
 * @throws MeshError as the mesh answers
 */
export const findOrder = async (
  mesh: Pick<MeshClient, 'order' | 'findOrders'>,
  id: string,
  onSlow: () => void,
): Promise<Found> => {
  const status = await mesh.order(id)
  if (status !== undefined) return { status }
  if (id.length > MOST_CHARACTERS) return {}
  const found = await lookFor(mesh, id, onSlow)
  if (typeof found === 'string') return { limit: found }
  const { by, orders } = found
  const [first] = orders
  if (by === undefined || first === undefined) return {}
  if (orders.length > 1) return { several: orders, by }
  const only = await mesh.order(first)
  return only === undefined ? {} : { status: only, by }
}

const MEANS: Readonly<Record<keyof OrderClue, string>> = {
  traceId: 'a trace',
  paymentReference: 'the payment reference',
  eventId: 'an event',
}

/** How an order was found, as a sentence: `pi_3Nx is the payment reference of EDX-100001.` */
export const foundText = (id: string, by: keyof OrderClue, orders: readonly string[]): string =>
  orders.length === 1
    ? `${id} is ${MEANS[by]} of ${orders[0]}.`
    : `${id} is ${MEANS[by]} of ${orders.length} orders.`
