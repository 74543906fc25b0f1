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
      placedAt: instant,
      learner,
      ...orderTotal,
      lines: orderLines,
      payment: z.strictObject({ provider: paymentProvider, reference: paymentReference.nullable() }),
      emailOptIn: z.boolean().optional(),
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
