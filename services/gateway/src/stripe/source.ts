import { paymentNotified } from '@commerce-mesh/contracts'
import { type SourceRequest, defineSource, sourceEvent } from '@commerce-mesh/mesh'
import { type GatewayOptions, stripeOptions } from '../options.ts'
import { eventIdOf } from '../orders/event-id.ts'
import { readNotification } from './notification.ts'
import { type SignatureFault, findSignatureFault } from './signature.ts'

/** Options of the webhook `/webhooks/stripe`. */
export type StripeOptions = GatewayOptions['stripe']

/** What is wrong with the signature of a notification; undefined when nothing is. */
export const stripeFault = (
  { headers, body }: SourceRequest,
  { secrets, toleranceSeconds }: StripeOptions,
  now: Date,
): SignatureFault | undefined => {
  const signature = headers['stripe-signature']
  return findSignatureFault(typeof signature === 'string' ? signature : undefined, body, {
    secrets,
    toleranceSeconds,
    now: Math.floor(now.getTime() / 1_000),
  })
}

/** Notifications of Stripe. Its section in mesh.yaml is `services.gateway.stripe`. */
export const stripeSource = defineSource<StripeOptions>({
  name: 'stripe',
  emits: [paymentNotified],
  options: stripeOptions,
  secrets: ({ secrets }) => secrets,
  verify: (request, options, now) => stripeFault(request, options, now) === undefined,
  read: (body) => {
    const reading = readNotification(body)
    if (!('payment' in reading)) return reading
    const { payment } = reading
    const id = eventIdOf(paymentNotified.name, payment.provider, payment.notificationId)
    return { events: [sourceEvent(paymentNotified, payment, id)] }
  },
})
