import { createHmac } from 'node:crypto'
import { API_KEY, orderBody } from '../load/orders.ts'

/** Secrets that the mesh under test knows. They open nothing else. */
export const JWT_SECRET = 'crash-suite-jwt-secret-of-the-lms'
export const STRIPE_SECRET = 'whsec_crash_suite'

const COURSE = 'course-v1:Load+Bench+2026'

/** One order on its way in: how to send it, and which enrollment it must end in. */
export type Attempted = {
  readonly orderNumber: string
  readonly user: string
  /** The LMS does not know this learner: the order must end as a dead letter and not as an enrollment. */
  readonly hopeless: boolean
  readonly requests: readonly {
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }[]
}

const json = { 'content-type': 'application/json' }
const withKey = { ...json, authorization: `Bearer ${API_KEY}` }

const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** A staff token as the LMS would issue it (interop section 1: HS256 by shared secret). */
const staffToken = (): string => {
  const claims = { preferred_username: 'coordinator', user_id: 1, administrator: true, exp: 4_000_000_000 }
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))}.${base64url(JSON.stringify(claims))}`
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`
}

const captured = (nth: number): Attempted => {
  const body = orderBody('CRASH', nth)
  return {
    orderNumber: `CRASH-${nth}`,
    user: `learner-${nth}`,
    hopeless: false,
    requests: [{ path: '/v1/orders', headers: withKey, body }],
  }
}

const hopeless = (nth: number): Attempted => {
  const body = orderBody('CRASH', nth).replaceAll(`learner-${nth}`, `nobody.${nth}`)
  return {
    ...captured(nth),
    user: `nobody.${nth}`,
    hopeless: true,
    requests: [{ path: '/v1/orders', headers: withKey, body }],
  }
}

const webhook = (nth: number) => {
  const intent = {
    id: `pi_${nth}`,
    object: 'payment_intent',
    amount: 14900,
    amount_received: 14900,
    currency: 'usd',
    status: 'succeeded',
    metadata: { order_number: `CRASH-${nth}` },
  }
  const created = Math.floor(Date.now() / 1000)
  const body = JSON.stringify({
    id: `evt_${nth}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    created,
    data: { object: intent },
  })
  const signature = createHmac('sha256', STRIPE_SECRET).update(`${created}.${body}`).digest('hex')
  return {
    path: '/webhooks/stripe',
    headers: { ...json, 'stripe-signature': `t=${created},v1=${signature}` },
    body,
  }
}

const paidLater = (nth: number): Attempted => {
  const body = orderBody('CRASH', nth).replace(
    /"payment":.*$/,
    '"payment":{"status":"pending","provider":"stripe","reference":null}}',
  )
  const order = { path: '/v1/orders', headers: withKey, body }
  return { ...captured(nth), requests: nth % 2 === 0 ? [order, webhook(nth)] : [webhook(nth), order] }
}

const titan = (nth: number): Attempted => {
  const body = JSON.stringify({
    course_id: COURSE,
    course_mode: 'verified',
    order_placed: 1681738233.0,
    edx_lms_user_id: 1_000_000 + nth,
    email_opt_in: true,
    order_number: `CRASH-${nth}`,
    provider: null,
  })
  const headers = { ...json, authorization: `JWT ${staffToken()}` }
  return {
    ...captured(nth),
    user: `lms:${1_000_000 + nth}`,
    requests: [{ path: '/titan/fulfill/', headers, body }],
  }
}

/** The nth order: every way in, in turn, and now and then one that the LMS can't serve. */
export const nthOrder = (nth: number): Attempted => {
  if (nth % 17 === 0) return hopeless(nth)
  const kinds = [captured, paidLater, titan, captured, paidLater]
  return (kinds[nth % kinds.length] ?? captured)(nth)
}
