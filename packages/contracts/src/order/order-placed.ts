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

/** An order is known and paid: its lines are to be granted. */
export const orderPlaced = defineEvent({
  name: 'order.placed',
  version: 1,
  owner: 'payments',
  summary: 'An order is known and paid; its lines are to be granted.',
  key: (order) => order.orderNumber,
  personal: ['learner.username', 'learner.email'],
  data: z
    .strictObject({
      orderNumber,
      placedAt: instant.describe('When the order was placed, as the storefront says.'),
      learner,
      ...orderTotal,
      lines: orderLines,
      payment: z
        .strictObject({
          provider: paymentProvider,
          reference: paymentReference
            .nullable()
            .describe('The provider’s own id of the payment; null where there is none.'),
        })
        .describe('How the order was paid.'),
      emailOptIn: z
        .boolean()
        .optional()
        .describe(
          'Whether the learner agreed to e-mail from the course’s organisation; absent where the storefront does not say.',
        ),
    })
    .refine(hasCurrencyForAmounts, CURRENCY_NEEDED),
  examples: [
    {
      orderNumber: ORDER_NUMBER,
      placedAt: INSTANT,
      learner: LEARNER,
      ...PRICE,
      lines: LINES,
      payment: { provider: 'stripe', reference: 'pi_1' },
      emailOptIn: false,
    },
  ],
})

/** Data of `order.placed` v1. */
export type OrderPlaced = z.output<typeof orderPlaced.data>
