import { createHmac } from 'node:crypto'
import { API_KEY, orderBody } from '../load/orders.ts'

/** Secrets that the mesh under test knows. They open nothing else. */
export const JWT_SECRET = 'crash-suite-jwt-secret-of-the-lms'
export const STRIPE_SECRET = 'whsec_crash_suite'

/** One order on its way in: how to send it, and which enrollments it must end in. */
export type Attempted = {
  readonly orderNumber: string
  readonly user: string
  /** The LMS does not know this learner: the order must end as a dead letter and not as an enrollment. */
  readonly hopeless: boolean
  /** Course runs that the learner is to be enrolled in, in the order in which they were asked for. */
  readonly courses: readonly string[]
  /** Sent one after the other, each once the one before was answered 2xx. */
  readonly requests: readonly {
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }[]
}

/** Which orders there are. */
export type Assortment = {
  /** Begins every order number; orders of different prefixes never meet. Default: CRASH. */
  readonly prefix?: string
  /** Lines of an order that comes line by line (titan). Default: 1. */
  readonly lines?: number
}

type Nth = Required<Assortment> & { readonly nth: number }

const json = { 'content-type': 'application/json' }
const withKey = { ...json, authorization: `Bearer ${API_KEY}` }

const base64url = (text: string) => Buffer.from(text).toString('base64url')

/** A staff token as the LMS would issue it (interop section 1: HS256 by shared secret). */
const staffToken = (): string => {
  const claims = { preferred_username: 'coordinator', user_id: 1, administrator: true, exp: 4_000_000_000 }
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))}.${base64url(JSON.stringify(claims))}`
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`
}

const captured = ({ prefix, nth }: Nth): Attempted => ({
  orderNumber: `${prefix}-${nth}`,
  user: `learner-${nth}`,
  hopeless: false,
  courses: [`course-v1:Load+${prefix}+2026`],
  requests: [{ path: '/v1/orders', headers: withKey, body: orderBody(prefix, nth) }],
})

const hopeless = (order: Nth): Attempted => {
  const body = orderBody(order.prefix, order.nth).replaceAll(`learner-${order.nth}`, `nobody.${order.nth}`)
  return {
    ...captured(order),
    user: `nobody.${order.nth}`,
    hopeless: true,
    courses: [],
    requests: [{ path: '/v1/orders', headers: withKey, body }],
  }
}

const webhook = ({ prefix, nth }: Nth) => {
  const intent = {
    id: `pi_${nth}`,
    object: 'payment_intent',
    amount: 14900,
    amount_received: 14900,
    currency: 'usd',
    status: 'succeeded',
    metadata: { order_number: `${prefix}-${nth}` },
  }
  const created = Math.floor(Date.now() / 1000)
  const body = JSON.stringify({
    id: `evt_${prefix}_${nth}`,
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

const paidLater = (nth: Nth): Attempted => {
  const body = orderBody(nth.prefix, nth.nth).replace(
    /"payment":.*$/,
    '"payment":{"status":"pending","provider":"stripe","reference":null}}',
  )
  const order = { path: '/v1/orders', headers: withKey, body }
  return {
    ...captured(nth),
    requests: nth.nth % 2 === 0 ? [order, webhook(nth)] : [webhook(nth), order],
  }
}

const titanLine = ({ prefix, nth }: Nth, courseId: string) => ({
  path: '/titan/fulfill/',
  headers: { ...json, authorization: `JWT ${staffToken()}` },
  body: JSON.stringify({
    course_id: courseId,
    course_mode: 'verified',
    order_placed: 1681738233.0,
    edx_lms_user_id: 1_000_000 + nth,
    email_opt_in: true,
    order_number: `${prefix}-${nth}`,
    provider: null,
  }),
})

const titan = (order: Nth): Attempted => {
  const courses = Array.from(
    { length: order.lines },
    (_, line) => `course-v1:Load+${order.prefix}-${line}+2026`,
  )
  return {
    ...captured(order),
    user: `lms:${1_000_000 + order.nth}`,
    courses,
    requests: courses.map((courseId) => titanLine(order, courseId)),
  }
}

/** The nth order: every way in, in turn, and now and then one that the LMS can't serve. */
export const nthOrder = (nth: number, { prefix = 'CRASH', lines = 1 }: Assortment = {}): Attempted => {
  const order = { nth, prefix, lines }
  if (nth % 17 === 0) return hopeless(order)
  const kinds = [captured, paidLater, titan, captured, paidLater]
  return (kinds[nth % kinds.length] ?? captured)(order)
}
