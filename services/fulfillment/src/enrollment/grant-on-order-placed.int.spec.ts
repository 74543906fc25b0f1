import type { SandboxLms } from '@commerce-mesh/testing'
import { given } from '@commerce-mesh/testing'
import { describe, expect, it } from '@jest/globals'
import { DEMO, withLms } from '../lms/client.fixture.ts'
import type { Lms } from '../lms/port.ts'
import { grantOnOrderPlaced } from './grant-on-order-placed.ts'
import { line, orderOf } from './order.fixture.ts'
import { initialOrderState } from './order-state.ts'

const EXEC = 'course-v1:edX+ExecX+2026'
const POST = { method: 'POST', path: '/api/enrollment' }
const fresh = initialOrderState()
const handler = (client: Lms) => grantOnOrderPlaced(client, { sendEmailOptIn: false })
const posts = (lms: SandboxLms) =>
  lms.calls().filter(({ method, path }) => method === 'POST' && path.startsWith('/api/enrollment'))

describe('order.placed against an LMS', () => {
  it.each(['success-then-timeout', 'success-then-reset'] as const)(
    '%s: the next attempt finds it, and there is one effect',
    (fault) =>
      withLms({ client: { requestTimeoutMs: 2_000 } }, async ({ lms, client }) => {
        lms.setFaults({ rules: [{ match: POST, fault, times: 1 }] })
        const order = orderOf([line('1', { courseId: DEMO })])
        const first = await given(handler(client), fresh).when(order)
        expect(first).toMatchObject({ outcome: 'retry', scope: 'dependency', lines: { 1: 'pending' } })
        const second = await given(handler(client), first.state).when(order, { attempt: 2 })
        expect(second).toMatchObject({ outcome: 'done', events: [{ type: 'order.fulfilled.v1' }] })
        expect(lms.effects()).toMatchObject([{ user: 'alice', mode: 'verified', effects: 1, calls: 1 }])
      }),
  )

  it('several lines, one of them refused: the others are granted, and a redrive asks for that one alone', () =>
    withLms({}, async ({ lms, client }) => {
      const lines = [
        line('1', { courseId: DEMO }),
        line('2', { courseId: EXEC }),
        line('3', { courseId: EXEC, mode: 'paid-bootcamp' }),
      ]
      const order = orderOf(lines, { learner: { lmsUserId: 4 } })
      const dead = await given(handler(client), fresh).when(order)
      expect(dead).toMatchObject({
        outcome: 'dead',
        code: 'MESH_LMS_MODE_UNAVAILABLE',
        lines: { 1: 'granted', 2: 'failed', 3: 'granted' },
      })
      const again = await given(handler(client), dead.state).when(order)
      expect(again).toMatchObject({ outcome: 'dead', code: 'MESH_LMS_MODE_CONFLICT' })
      expect(lms.effects().map(({ effects }) => effects)).toEqual([1, 1])
    }))

  it('a course that closed after the learner was enrolled is no obstacle: read first, write nothing', async () => {
    const clock = { ms: Date.parse('2026-01-01T00:00:00Z') }
    const course = { id: 'course-v1:edX+SoonX+2026', enrollmentEnd: '2026-02-01T00:00:00Z' }
    await withLms(
      { sandbox: { now: () => clock.ms, courses: [course] }, now: () => new Date(clock.ms) },
      async ({ lms, client }) => {
        const order = orderOf([line('1', { courseId: course.id, mode: 'audit' })])
        await expect(given(handler(client), fresh).when(order)).resolves.toMatchObject({ outcome: 'done' })
        clock.ms = Date.parse('2026-03-01T00:00:00Z')
        await expect(given(handler(client), fresh).when(order)).resolves.toMatchObject({ outcome: 'done' })
        expect(posts(lms)).toHaveLength(1)
      },
    )
  })

  it('an order that states an address only is granted to its account', () =>
    withLms({}, async ({ lms, client }) => {
      const order = orderOf([line('1', { courseId: DEMO })], { learner: { email: 'carol@example.com' } })
      await expect(given(handler(client), fresh).when(order)).resolves.toMatchObject({ outcome: 'done' })
      expect(lms.effects()).toMatchObject([{ user: 'carol', effects: 1 }])
    }))

  it('an order upgrades an audit learner, and reactivates with the ordered mode', () =>
    withLms({}, async ({ lms, client }) => {
      const audit = orderOf([line('1', { courseId: DEMO, mode: 'audit' })])
      const verified = orderOf([line('1', { courseId: DEMO })], { orderNumber: 'EDX-100002' })
      await given(handler(client), fresh).when(audit)
      await given(handler(client), fresh).when(verified)
      expect(lms.effects()).toMatchObject([
        { mode: 'verified', isActive: true, effects: 2, lastOrderNumber: 'EDX-100002' },
      ])
    }))

  it('an attempt that ends early keeps what it granted', () =>
    withLms({}, async ({ lms, client }) => {
      const attempt = new AbortController()
      const stopAfterFirst: Lms = {
        ...client,
        writeEnrollment: async (wish, call) => {
          const verdict = await client.writeEnrollment(wish, call)
          attempt.abort()
          return verdict
        },
      }
      const order = orderOf([
        line('1', { courseId: DEMO }),
        line('2', { courseId: EXEC, mode: 'paid-bootcamp' }),
      ])
      const first = await given(handler(stopAfterFirst), fresh).when(order, { signal: attempt.signal })
      expect(first).toMatchObject({
        outcome: 'retry',
        code: 'MESH_HANDLER_DEADLINE',
        lines: { 1: 'granted', 2: 'pending' },
      })
      await expect(given(handler(client), first.state).when(order, { attempt: 2 })).resolves.toMatchObject({
        outcome: 'done',
      })
      expect(posts(lms)).toHaveLength(2)
    }))
})
