import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { CURRENCY_NEEDED, hasCurrencyForAmounts } from '../money/currency-rule.ts'
import { instant, orderNumber, orderTotal, paymentProvider, paymentReference } from '../order/fields.ts'
import { INSTANT, ORDER_NUMBER, PRICE } from '../order/sample-values.ts'

/** The money of an order is there, and it is the right amount in the right currency. */
export const paymentCaptured = defineEvent({
  name: 'payment.captured',
  version: 1,
  owner: 'payments',
  summary: 'The payment of a known order was captured, in the amount and currency of the order.',
  key: (payment) => payment.orderNumber,
  data: z
    .strictObject({
      orderNumber,
      provider: paymentProvider,
      reference: paymentReference
        .nullable()
        .describe('The provider’s own id of the payment; null where there is none.'),
      ...orderTotal,
      capturedAt: instant.describe(
        'When the money was there, as far as anybody told: the provider, or else the storefront.',
      ),
    })
    .refine(hasCurrencyForAmounts, CURRENCY_NEEDED),
  examples: [
    { orderNumber: ORDER_NUMBER, provider: 'stripe', reference: 'pi_1', ...PRICE, capturedAt: INSTANT },
  ],
})

/** Data of `payment.captured` v1. */
export type PaymentCaptured = z.output<typeof paymentCaptured.data>
