import { orderNumber } from '@commerce-mesh/contracts'
import type { Operations, ServiceContext } from '@commerce-mesh/mesh'
import { type Caller, seesEverything } from '../auth/caller.ts'
import { json } from '../http/answer.ts'
import { type Route, callerRoute } from '../http/route.ts'
import { type OrderStatus, type OrderView, orderStatusSchema, toOrderStatus } from '../order-view/index.ts'
import { Refusal } from '../problem/refusal.ts'
import type { RecentOrder, RecentOrders } from './recent-orders.ts'

/** What reading an order needs of the runtime. */
export type ReadParts = {
  readonly readState: ServiceContext<unknown>['readState']
  readonly operations: Operations
  readonly recent: RecentOrders
}

/** An order whose event is durable and not projected yet. */
const justAccepted = (number: string, { submittedBy, lineIds }: RecentOrder): OrderStatus => ({
  orderNumber: number,
  status: 'submitted',
  submittedBy,
  lines: lineIds.map((lineId) => ({ lineId, state: 'submitted' })),
  timeline: [],
})

/** The view does not see that a person discarded a dead letter; the store does. */
const statusOf = async (view: OrderView, { operations }: ReadParts): Promise<OrderStatus> => {
  if (view.letters.length === 0) return toOrderStatus(view)
  const open = await operations.deadLetters({ key: view.orderNumber, status: 'open', limit: 1_000 })
  return toOrderStatus(view, new Set(open.map(({ id }) => id)))
}

/** An order of somebody else is answered like one that does not exist, so that nobody can find out numbers. */
const mayRead = (caller: Caller, view: OrderView | undefined, recent: RecentOrder | undefined) =>
  seesEverything(caller) || caller.name === (view?.submission?.by ?? recent?.submittedBy)

const lookUp = async (parts: ReadParts, number: string, caller: Caller): Promise<OrderStatus | undefined> => {
  if (!orderNumber.safeParse(number).success) return undefined
  const view = await parts.readState<OrderView>(number)
  const recent = parts.recent.get(number)
  if (!mayRead(caller, view, recent)) return undefined
  if (view !== undefined) return await statusOf(view, parts)
  return recent && justAccepted(number, recent)
}

/** `GET /v1/orders/{number}`: where an order is, and everything that happened to it. */
export const readOrder = (parts: ReadParts): Route =>
  callerRoute({
    method: 'GET',
    path: '/v1/orders/{number}',
    operation: 'readOrder',
    summary:
      'Status and timeline of an order. A caller sees its own orders; scope operate and LMS staff see all.',
    access: ['orders:read', 'operate'],
    answers: {
      200: { description: 'Where the order is.', schema: orderStatusSchema.meta({ id: 'OrderStatus' }) },
      404: { description: 'No such order, or not one of this caller’s.' },
    },
    handle: async ({ params }, caller) => {
      const status = await lookUp(parts, params['number'] ?? '', caller)
      if (status === undefined)
        throw new Refusal(404, 'MESH_ORDER_UNKNOWN', 'No order of this number is known to this caller.')
      return json(200, status)
    },
  })
