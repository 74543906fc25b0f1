import { signDemoJwt } from '@commerce-mesh/gateway'
import type { GatewayOptions } from '@commerce-mesh/gateway'
import { callJson } from '../client/http-call.ts'
import type { Call } from '../client/http-call.ts'
import { lmsTokenRules } from '../token/lms-token.ts'
import { clientOf } from '../up/start.ts'
import type { Up } from '../up/start.ts'
import { sectionOf } from '../up/plan.ts'
import type { LocalSecrets } from '../data/secrets.ts'
import { SAMPLES, coordinatorOrder, paidOrder, pendingOrder, stripeNotification } from './orders.ts'
import type { SampleOrder } from './orders.ts'
import { signStripe } from './stripe-signature.ts'

/** A sample order and whether an earlier start placed it. */
export type Placed = SampleOrder & { readonly before: boolean }

const json = (path: string, value: unknown, headers: Readonly<Record<string, string>> = {}): Call => ({
  method: 'POST',
  path,
  body: JSON.stringify(value),
  headers,
})

/** The requests that bring each sample order in. */
const requests = async (
  up: Up,
  secrets: LocalSecrets,
  now: Date,
): Promise<readonly (readonly [SampleOrder, readonly Call[]])[]> => {
  const { jwt, stripe } = sectionOf(up.config, 'gateway') as Partial<GatewayOptions>
  const { secret, ...rules } = lmsTokenRules(jwt, secrets)
  const staff = await signDemoJwt(
    secret,
    { username: 'staff', lmsUserId: 3, staff: true },
    { now: now.getTime(), ...rules },
  )
  const notification = JSON.stringify(stripeNotification(now))
  const signature = signStripe(notification, stripe?.secrets[0] ?? secrets.stripeWebhookSecret, now)
  return [
    [SAMPLES.native, [json('/v1/orders', paidOrder(now))]],
    [SAMPLES.titan, [json('/titan/fulfill/', coordinatorOrder(now), { authorization: `JWT ${staff}` })]],
    [
      SAMPLES.stripe,
      [
        json('/v1/orders', pendingOrder(now)),
        {
          method: 'POST',
          path: '/webhooks/stripe',
          body: notification,
          headers: { 'stripe-signature': signature },
        },
      ],
    ],
  ]
}

/** Places the sample orders that an earlier start has not placed. */
export const placeSamples = async (up: Up, secrets: LocalSecrets, now: Date): Promise<readonly Placed[]> => {
  const mesh = clientOf(up)
  const placed: Placed[] = []
  for (const [sample, calls] of await requests(up, secrets, now)) {
    const before = (await mesh.order(sample.orderNumber)) !== undefined
    if (!before) for (const call of calls) await callJson(up.endpoint, call)
    placed.push({ ...sample, before })
  }
  return placed
}
