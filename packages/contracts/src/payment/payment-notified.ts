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
    /** The provider's id of this notification (Stripe `event.id`): what duplicates are known by. */
    notificationId: z.string().min(1).max(255),
    /** The provider's own event type, e.g. `payment_intent.succeeded`. */
    notificationType: z.string().min(1).max(255),
    kind: z.enum(['captured', 'failed', 'action-required', 'refunded', 'disputed']),
    reference: paymentReference,
    amount: minorUnits,
    currency,
    notifiedAt: instant,
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
