/** What the demonstration course costs, in cents. */
const PRICE = 14_900

const COURSE = 'course-v1:edX+DemoX+Demo_Course'

/** A sample order: its number, and how it comes in. */
export type SampleOrder = { readonly orderNumber: string; readonly channel: string }

/** The sample orders. Fixed numbers, so that a second start finds those of the first. */
export const SAMPLES = {
  native: { orderNumber: 'DEMO-100001', channel: 'POST /v1/orders, paid by invoice' },
  titan: { orderNumber: 'DEMO-100002', channel: 'POST /titan/fulfill/, with a staff token' },
  stripe: { orderNumber: 'DEMO-100003', channel: 'POST /v1/orders, then a signed Stripe notification' },
} as const satisfies Record<string, SampleOrder>

const nativeOrder = (
  orderNumber: string,
  username: string,
  lmsUserId: number,
  payment: unknown,
  now: Date,
) => ({
  orderNumber,
  placedAt: now.toISOString(),
  learner: { lmsUserId, username, email: `${username}@example.com` },
  currency: 'USD',
  total: PRICE,
  lines: [{ lineId: '1', kind: 'seat', courseId: COURSE, mode: 'verified', price: PRICE }],
  payment,
})

/** An order that is paid: learner bob of the sandbox LMS. */
export const paidOrder = (now: Date) =>
  nativeOrder(
    SAMPLES.native.orderNumber,
    'bob',
    5,
    { status: 'captured', provider: 'invoice', reference: 'INV-100001' },
    now,
  )

/** The 2023 Coordinator's request (interop section 7): learner carol, named by her LMS id. */
export const coordinatorOrder = (now: Date) => ({
  course_id: COURSE,
  course_mode: 'verified',
  order_placed: Math.floor(now.getTime() / 1_000),
  edx_lms_user_id: 6,
  email_opt_in: false,
  order_number: SAMPLES.titan.orderNumber,
  provider: null,
})

/** An order whose payment Stripe will tell of: learner dave. */
export const pendingOrder = (now: Date) =>
  nativeOrder(
    SAMPLES.stripe.orderNumber,
    'dave',
    7,
    { status: 'pending', provider: 'stripe', reference: null },
    now,
  )

/** Stripe's notification that the pending order was paid. */
export const stripeNotification = (now: Date) => ({
  id: `evt_${SAMPLES.stripe.orderNumber}`,
  object: 'event',
  type: 'payment_intent.succeeded',
  created: Math.floor(now.getTime() / 1_000),
  data: {
    object: {
      id: `pi_${SAMPLES.stripe.orderNumber}`,
      object: 'payment_intent',
      amount: PRICE,
      amount_received: PRICE,
      currency: 'usd',
      metadata: { order_number: SAMPLES.stripe.orderNumber },
    },
  },
})
