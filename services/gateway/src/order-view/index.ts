export { orderViewHandlers } from './handlers.ts'
export { toOrderStatus } from './order-status.ts'
export { type OrderStatus, orderStatusSchema, type TimelineEntry } from './schema.ts'
export { initialOrderView, type OrderView } from './view.ts'
