import { paymentNotified } from '@commerce-mesh/contracts'
import type { Metrics, ServiceContext } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type Answer, json } from '../http/answer.ts'
import { readJson } from '../http/json-body.ts'
import type { Log } from '../http/log.ts'
import { demandPlain } from '../http/media-type.ts'
import { type BodyReader, type Route, openRoute } from '../http/route.ts'
import type { GatewayOptions } from '../options.ts'
import { eventIdOf } from '../orders/event-id.ts'
import { Refusal } from '../problem/refusal.ts'
import { readNotification } from './notification.ts'
import { type SignatureFault, findSignatureFault } from './signature.ts'

/** What the webhook needs of the runtime. */
export type WebhookParts = {
  readonly publish: ServiceContext<unknown>['publish']
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => Date
  readonly stripe: GatewayOptions['stripe']
  readonly jsonDepth: number
}

const received = z
  .strictObject({
    received: z.literal(true),
    eventId: z.string().optional().describe('Id of payment.notified.'),
    ignored: z.string().optional().describe('Why the notification concerns no order.'),
  })
  .meta({ id: 'NotificationReceived' })

const notification = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    created: z.int(),
    data: z.looseObject({ object: z.looseObject({}) }),
  })
  .describe('A Stripe event.')
  .meta({ id: 'StripeEvent' })

/** The signature is over the bytes as they came, so nothing may be read out of them yet. */
const rawBody: BodyReader<Buffer> = { schema: notification, accept: demandPlain, decode: (bytes) => bytes }

const demandSignature = (fault: SignatureFault | undefined, { stripe }: WebhookParts) => {
  if (fault === undefined) return
  const why =
    stripe.secrets.length === 0
      ? 'no secret is configured in services.gateway.stripe.secrets'
      : `it is ${fault}`
  throw new Refusal(400, 'MESH_SIGNATURE_INVALID', `The Stripe-Signature was not accepted: ${why}.`)
}

const ignore = ({ metrics, log }: WebhookParts, reason: string): Answer => {
  metrics.count('mesh_webhook_ignored_total', { source: 'stripe', reason })
  log.info({ source: 'stripe', reason }, 'a notification concerns no order and was ignored')
  return json(200, { received: true, ignored: reason })
}

const headerOf = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined)

/** `POST /webhooks/stripe`: 2xx only when payment.notified is durable or there is nothing to keep; Stripe sends again otherwise. */
export const stripeWebhook = (parts: WebhookParts): Route =>
  openRoute({
    method: 'POST',
    path: '/webhooks/stripe',
    operation: 'stripeWebhook',
    summary: 'Notifications of Stripe. The signature over the raw body is checked before anything is read.',
    access: 'signature',
    body: rawBody,
    answers: { 200: { description: 'The notification is durable, or concerns no order.', schema: received } },
    handle: async ({ body, headers, traceparent }) => {
      const { secrets, toleranceSeconds } = parts.stripe
      const rules = { secrets, toleranceSeconds, now: Math.floor(parts.now().getTime() / 1_000) }
      demandSignature(findSignatureFault(headerOf(headers['stripe-signature']), body, rules), parts)
      const reading = readNotification(readJson(body, parts.jsonDepth))
      if ('ignored' in reading) return ignore(parts, reading.ignored)
      const { payment } = reading
      const id = eventIdOf('payment.notified', payment.provider, payment.notificationId)
      await parts.publish(paymentNotified, payment, { id, traceparent })
      parts.metrics.count('mesh_accepted_total', { type: paymentNotified.type, channel: 'stripe' })
      return json(200, { received: true, eventId: id })
    },
  })
