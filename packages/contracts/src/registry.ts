import type { EventContract } from './event.ts'
import { deadLetterRecorded } from './operations/dead-letter-recorded.ts'
import { hopRecorded } from './operations/hop-recorded.ts'
import { orderFulfilled } from './order/order-fulfilled.ts'
import { orderFulfillmentFailed } from './order/order-fulfillment-failed.ts'
import { orderPlaced } from './order/order-placed.ts'
import { orderSubmitted } from './order/order-submitted.ts'
import { paymentCaptured } from './payment/payment-captured.ts'
import { paymentNotified } from './payment/payment-notified.ts'

/** Every contract of this package. */
export const CONTRACTS: readonly EventContract[] = [
  orderSubmitted,
  paymentNotified,
  paymentCaptured,
  orderPlaced,
  orderFulfilled,
  orderFulfillmentFailed,
  hopRecorded,
  deadLetterRecorded,
]
