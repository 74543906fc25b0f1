import { orderPlaced } from '@commerce-mesh/contracts'
import { createMetrics, silentTracer, type ServiceContext } from '@commerce-mesh/mesh'
import { given } from '@commerce-mesh/testing'
import { describe, expect, it } from '@jest/globals'
import { line, orderOf } from './enrollment/order.fixture.ts'
import { DEMO, lmsOptions, withLms } from './lms/client.fixture.ts'
import type { FulfillmentOptions } from './options.ts'
import { fulfillment } from './service.ts'

/** What the service uses of the runtime, with a log that is kept. */
const runtime = (options: FulfillmentOptions) => {
  const logged: unknown[] = []
  const note = (...entry: unknown[]) => void logged.push(entry)
  const context = {
    options,
    log: { debug: note, warn: note },
    metrics: createMetrics(),
    now: () => new Date(),
    tracer: silentTracer,
  }
  return { logged, context: context as unknown as ServiceContext<FulfillmentOptions> }
}

describe('the fulfillment service', () => {
  it('takes order.placed to the LMS it is configured for, and logs no personal data', () =>
    withLms({}, async ({ lms }) => {
      const { context, logged } = runtime({
        concurrency: 1,
        lms: lmsOptions(lms.url),
        emailOptIn: { send: false },
      })
      const { handlers = [], close } = await fulfillment.start(context)
      const [handler] = handlers
      if (handler === undefined) throw new Error('the service has no handler')
      expect(fulfillment.consumes).toEqual([orderPlaced])

      const lines = [line('1', { courseId: DEMO }), line('2', { courseId: 'course-v1:edX+NoSuchX+2026' })]
      const order = orderOf(lines, { learner: { username: 'alice', email: 'alice@example.com' } })
      const then = await given(handler, fulfillment.initialState()).when(order)
      await close?.()

      expect(then).toMatchObject({ outcome: 'dead', lines: { 1: 'granted', 2: 'failed' } })
      const declared = fulfillment.emits.map(({ type }) => type)
      expect(then.events.every(({ type }) => declared.includes(type))).toBe(true)
      const trace_id = expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/)
      expect(logged).toEqual([
        [
          { trace_id, orderNumber: 'EDX-100001', lineId: '1', courseId: DEMO, mode: 'verified' },
          'line granted',
        ],
        [
          expect.objectContaining({ trace_id, lineId: '2', code: 'MESH_LMS_COURSE_UNKNOWN' }),
          'line not granted',
        ],
      ])
      expect(JSON.stringify([logged, then.reason, then.events, then.lines])).not.toContain('alice')
    }))
})
