import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { currency, minorUnits } from '../money/currency.ts'
import { instant, orderNumber, paymentProvider, paymentReference } from '../order/fields.ts'
import { INSTANT, ORDER_NUMBER, PRICE } from '../order/sample-values.ts'

/** A payment provider told us something about an order's payment; its signature was checked at the edge. */
export const paymentNotified = defineEvent({
  name: 'payment.notified',
  version: 1,
  owner: 'gateway',
  summary: 'A payment provider sent a notification about an order; its signature was checked.',
  key: (payment) => payment.orderNumber,
  data: z.strictObject({
    orderNumber,
    provider: paymentProvider,
    notificationId: z
      .string()
      .min(1)
      .max(255)
      .describe('The provider’s id of this notification (Stripe `event.id`): what duplicates are known by.'),
    notificationType: z
      .string()
      .min(1)
      .max(255)
      .describe('The provider’s own event type, such as `payment_intent.succeeded`.'),
    kind: z
      .enum(['captured', 'failed', 'action-required', 'refunded', 'disputed'])
      .describe('What became of the payment, in words of the mesh that are the same for every provider.'),
    reference: paymentReference,
    amount: minorUnits.describe('In the currency’s minor unit: 14900 is 149.00 USD, or 14900 JPY.'),
    currency: currency.describe('ISO 4217 code of the amount.'),
    notifiedAt: instant.describe('When the provider made the notification.'),
  }),
  examples: [
    {
      orderNumber: ORDER_NUMBER,
      provider: 'stripe',
      notificationId: 'evt_1',
      notificationType: 'payment_intent.succeeded',
      kind: 'captured',
      reference: 'pi_1',
      amount: PRICE.total,
      currency: PRICE.currency,
      notifiedAt: INSTANT,
    },
  ],
})

/** Data of `payment.notified` v1. */
export type PaymentNotified = z.output<typeof paymentNotified.data>
