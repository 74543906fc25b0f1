import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { courseId, courseMode, instant, lineId, orderNumber } from './fields.ts'
import { COURSE_ID, INSTANT, ORDER_NUMBER } from './sample-values.ts'

/** At least one line can't be granted without a person; the others' states are listed too. */
export const orderFulfillmentFailed = defineEvent({
  name: 'order.fulfillment-failed',
  version: 1,
  owner: 'fulfillment',
  summary: 'At least one line of the order could not be granted; a dead letter waits for a person.',
  key: (order) => order.orderNumber,
  data: z.strictObject({
    orderNumber,
    failedAt: instant.describe('When the trying ended.'),
    lines: z
      .array(
        z.strictObject({
          lineId,
          courseId,
          mode: courseMode,
          state: z
            .enum(['granted', 'pending', 'failed'])
            .describe(
              '`granted`: the learner is in. `pending`: still to be granted. `failed`: a person must look.',
            ),
          code: z.string().optional().describe('MESH_* code of the failure, on failed and pending lines.'),
        }),
      )
      .min(1)
      .describe('Every line of the order, granted ones too.'),
  }),
  examples: [
    {
      orderNumber: ORDER_NUMBER,
      failedAt: INSTANT,
      lines: [
        {
          lineId: '1',
          courseId: COURSE_ID,
          mode: 'verified',
          state: 'failed',
          code: 'MESH_LMS_COURSE_UNKNOWN',
        },
      ],
    },
  ],
})

/** Data of `order.fulfillment-failed` v1. */
export type OrderFulfillmentFailed = z.output<typeof orderFulfillmentFailed.data>
