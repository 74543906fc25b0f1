import type { Source } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { Refusal } from '../problem/refusal.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { type StripeOptions, stripeFault, stripeSource } from './source.ts'

const notification = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    created: z.int(),
    data: z.looseObject({ object: z.looseObject({}) }),
  })
  .describe('A Stripe event.')
  .meta({ id: 'StripeEvent' })

/** `POST /webhooks/stripe`. Answers 400 to a wrong signature, as Stripe's own libraries do, and says what is wrong with it. */
export const stripeWebhook = (options: StripeOptions): Webhook => ({
  // The options were checked by its own schema, as those of a plugin's source are.
  source: stripeSource as unknown as Source,
  options,
  operation: 'stripeWebhook',
  summary: 'Notifications of Stripe. The signature over the raw body is checked before anything is read.',
  title: 'Stripe',
  schema: notification,
  scheme: 'stripeSignature',
  refuse: (request, now) => {
    const why =
      request === undefined
        ? 'no secret is configured in services.gateway.stripe.secrets'
        : `it is ${stripeFault(request, options, now)}`
    return new Refusal(400, 'MESH_SIGNATURE_INVALID', `The Stripe-Signature was not accepted: ${why}.`)
  },
})
