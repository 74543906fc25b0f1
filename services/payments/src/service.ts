import { orderPlaced, paymentCaptured } from '@commerce-mesh/contracts'
import { defineService } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { joinOnOrderSubmitted } from './order/on-order-submitted.ts'
import { joinOnPaymentNotified } from './payment/on-payment-notified.ts'
import { initialPayments, type PaymentsState } from './state.ts'

const DEFAULT_CONCURRENCY = 16

/** Section `payments` of mesh.yaml. */
export const paymentsOptions = z.strictObject({
  concurrency: z
    .int()
    .min(1)
    .max(1024)
    .default(DEFAULT_CONCURRENCY)
    .describe('How many orders are handled at once; events of one order always come one after the other.'),
})

/** Options of the payments service. */
export type PaymentsOptions = z.output<typeof paymentsOptions>

/** Joins submitted orders with their payments, whichever comes first. Does no I/O of its own. */
export const payments = defineService<PaymentsState, PaymentsOptions>({
  name: 'payments',
  options: paymentsOptions,
  handlers: [joinOnOrderSubmitted, joinOnPaymentNotified],
  emits: [paymentCaptured, orderPlaced],
  concurrency: DEFAULT_CONCURRENCY,
  initialState: initialPayments,
})
