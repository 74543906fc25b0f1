import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { CURRENCY_NEEDED, hasCurrencyForAmounts } from '../money/currency-rule.ts'
import {
  instant,
  learner,
  orderLines,
  orderNumber,
  orderTotal,
  paymentProvider,
  paymentReference,
} from './fields.ts'
import { INSTANT, LEARNER, LINES, ORDER_NUMBER, PRICE } from './sample-values.ts'

/** A storefront handed in an order; it may or may not be paid yet. */
export const orderSubmitted = defineEvent({
  name: 'order.submitted',
  version: 1,
  owner: 'gateway',
  summary: 'A storefront handed in an order; payment.status says whether it is paid already.',
  key: (order) => order.orderNumber,
  personal: ['learner.username', 'learner.email'],
  data: z
    .strictObject({
      orderNumber,
      placedAt: instant.describe('When the order was placed, as the storefront says.'),
      submittedBy: z.string().min(1).max(150).describe('Name of the caller, from its credentials.'),
      channel: z
        .enum(['orders', 'titan'])
        .describe('The endpoint it came through. Lines of one order may come one by one through `titan`.'),
      learner,
      ...orderTotal,
      lines: orderLines,
      payment: z
        .strictObject({
          status: z
            .enum(['captured', 'pending'])
            .describe('`captured`: paid. `pending`: wait for the provider’s notification.'),
          provider: paymentProvider,
          reference: paymentReference
            .nullable()
            .describe('The provider’s own id of the payment; null where it is not known yet.'),
        })
        .describe('How the order is paid, and whether it is paid already.'),
      emailOptIn: z
        .boolean()
        .optional()
        .describe(
          'Whether the learner agreed to e-mail from the course’s organisation; absent where the storefront does not say.',
        ),
    })
    .refine(
      (order) => order.payment.status === 'captured' || (order.total !== null && order.currency !== null),
      {
        error: 'a pending payment needs total and currency, to be compared with what the provider captured',
        path: ['total'],
      },
    )
    .refine(hasCurrencyForAmounts, CURRENCY_NEEDED),
  examples: [
    {
      orderNumber: ORDER_NUMBER,
      placedAt: INSTANT,
      submittedBy: 'example-shop',
      channel: 'orders',
      learner: LEARNER,
      ...PRICE,
      lines: LINES,
      payment: { status: 'pending', provider: 'stripe', reference: null },
      emailOptIn: false,
    },
  ],
})

/** Data of `order.submitted` v1. */
export type OrderSubmitted = z.output<typeof orderSubmitted.data>
