import {
  currency,
  instant,
  learner,
  minorUnits,
  orderLine,
  orderNumber,
  paymentProvider,
  paymentReference,
} from '@commerce-mesh/contracts'
import { z } from 'zod'
import { invalid } from '../problem/refusal.ts'

const pricedLine = orderLine.extend({
  price: minorUnits.describe('Price of the line in minor units of the currency: 14900 is 149.00 USD.'),
})

const lines = z
  .array(pricedLine)
  .min(1)
  .max(100)
  .refine((all) => new Set(all.map((line) => line.lineId)).size === all.length, {
    error: 'lineId must be unique within the order',
  })

/**
 * Body of `POST /v1/orders`. Unlike order.submitted, total, currency and prices are required: a storefront knows them. The
 * prices need not add up to the total, because of discounts and taxes.
 */
export const orderRequest = z
  .strictObject({
    orderNumber: orderNumber.describe(
      'The storefront’s own number of the order. One number is one order for ever.',
    ),
    placedAt: instant.describe('When the learner placed it; at most 24 hours in the future.'),
    learner,
    currency,
    total: minorUnits.describe('What the learner pays, in minor units of the currency.'),
    lines,
    payment: z.strictObject({
      status: z
        .enum(['captured', 'pending'])
        .describe('`captured`: paid. `pending`: the provider will tell.'),
      provider: paymentProvider,
      reference: paymentReference.nullable().default(null).describe('The provider’s id of the payment.'),
    }),
    emailOptIn: z.boolean().optional(),
  })
  .meta({ id: 'OrderRequest' })

/** An order as a storefront hands it in. */
export type OrderRequest = z.output<typeof orderRequest>

const DAY_MS = 86_400_000

/** @throws Refusal 422 when the order was placed more than a day after `now`: a wrong clock or a wrong unit. */
export const demandPlausibleDate = (order: OrderRequest, now: Date): void => {
  if (Date.parse(order.placedAt) <= now.getTime() + DAY_MS) return
  throw invalid('The order is dated in the future.', [
    { path: 'placedAt', message: 'must not be more than 24 hours in the future' },
  ])
}
