import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { courseId, courseMode, instant, lineId, orderNumber } from './fields.ts'
import { COURSE_ID, INSTANT, ORDER_NUMBER } from './sample-values.ts'

/** Every line of the order is granted in the LMS. */
export const orderFulfilled = defineEvent({
  name: 'order.fulfilled',
  version: 1,
  owner: 'fulfillment',
  summary: 'Every line of the order is granted in the LMS.',
  key: (order) => order.orderNumber,
  data: z.strictObject({
    orderNumber,
    fulfilledAt: instant.describe('When the last line was granted.'),
    lines: z
      .array(z.strictObject({ lineId, courseId, mode: courseMode }))
      .min(1)
      .describe('What was granted: every line of the order.'),
  }),
  examples: [
    {
      orderNumber: ORDER_NUMBER,
      fulfilledAt: INSTANT,
      lines: [{ lineId: '1', courseId: COURSE_ID, mode: 'verified' }],
    },
  ],
})

/** Data of `order.fulfilled` v1. */
export type OrderFulfilled = z.output<typeof orderFulfilled.data>
