import type { CloudEvent } from './cloud-events/event.ts'
import type { EventContract } from './event.ts'
import { validateData } from './validation/validate.ts'

const orderNumber = 'EDX-100001'
const courseId = 'course-v1:edX+DemoX+Demo_Course'
const at = '2026-01-02T03:04:05Z'
const learner = { lmsUserId: 7, username: 'alice', email: 'alice@example.org' }
const lines = [{ lineId: '1', kind: 'seat', courseId, mode: 'verified', price: 14_900 }]
const money = { currency: 'USD', total: 14_900 }
const hop = { key: orderNumber, service: 'fulfillment', handler: 'grant-on-order-placed' }

const SAMPLES: Readonly<Record<string, unknown>> = {
  'order.submitted.v1': {
    orderNumber,
    placedAt: at,
    submittedBy: 'example-shop',
    channel: 'orders',
    learner,
    ...money,
    lines,
    payment: { status: 'pending', provider: 'stripe', reference: null },
    emailOptIn: false,
  },
  'payment.notified.v1': {
    orderNumber,
    provider: 'stripe',
    notificationId: 'evt_1',
    notificationType: 'payment_intent.succeeded',
    kind: 'captured',
    reference: 'pi_1',
    amount: 14_900,
    currency: 'USD',
    notifiedAt: at,
  },
  'payment.captured.v1': { orderNumber, provider: 'stripe', reference: 'pi_1', ...money, capturedAt: at },
  'order.placed.v1': {
    orderNumber,
    placedAt: at,
    learner,
    ...money,
    lines,
    payment: { provider: 'stripe', reference: 'pi_1' },
    emailOptIn: false,
  },
  'order.fulfilled.v1': {
    orderNumber,
    fulfilledAt: at,
    lines: [{ lineId: '1', courseId, mode: 'verified' }],
  },
  'order.fulfillment-failed.v1': {
    orderNumber,
    failedAt: at,
    lines: [{ lineId: '1', courseId, mode: 'verified', state: 'failed', code: 'MESH_LMS_COURSE_UNKNOWN' }],
  },
  'mesh.hop-recorded.v1': {
    ...hop,
    eventId: 'e-1',
    eventType: 'order.placed.v1',
    outcome: 'done',
    attempt: 1,
    startedAt: at,
    durationMs: 41.5,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    caused: [{ id: 'e-2', type: 'order.fulfilled.v1' }],
    lines: { 1: 'granted' },
  },
  'mesh.dead-letter-recorded.v1': {
    ...hop,
    deadLetterId: 'd-1',
    class: 'permanent',
    code: 'MESH_LMS_COURSE_UNKNOWN',
    reason: 'The LMS has no such course run.',
    attempts: 1,
    eventId: 'e-1',
    eventType: 'order.placed.v1',
    topic: 'order.placed.v1',
    recordedAt: at,
  },
}

/**
 * Valid data of a contract of this package, for tests and examples; a copy of its own at each call.
 *
 * @throws TypeError for a contract that is not one of this package's.
 */
export const sampleOf = <D>(contract: EventContract<D>): D => {
  const sample = SAMPLES[contract.type]
  if (sample === undefined)
    throw new TypeError(`There is no sample of '${contract.type}': write the data in the test.`)
  return validateData(contract, sample)
}

/**
 * A valid event of a contract of this package, for tests and examples.
 *
 * @param attributes - what is to differ from the sample, such as `id`.
 * @throws TypeError for a contract that is not one of this package's.
 */
export const sampleEventOf = <D>(
  contract: EventContract<D>,
  attributes: Partial<Omit<CloudEvent, 'type' | 'data'>> = {},
): CloudEvent<D> => ({
  id: 'e-1',
  source: '/samples',
  subject: orderNumber,
  time: at,
  datacontenttype: 'application/json',
  extensions: {},
  ...attributes,
  type: contract.type,
  data: sampleOf(contract),
})
