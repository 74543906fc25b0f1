import { given } from '@commerce-mesh/testing'
import { describe, expect, it } from '@jest/globals'
import type { AccountQuery, Enrollment, EnrollmentWish, Lms } from '../lms/port.ts'
import { outage, permanent, transient, type LineVerdict, type Trouble } from '../lms/verdict.ts'
import { grantOnOrderPlaced } from './grant-on-order-placed.ts'
import { courseOf, line, orderOf, remembered } from './order.fixture.ts'
import { initialOrderState, type OrderState } from './order-state.ts'

/** An LMS in memory: enrollments by course, and answers that a test wants for the next calls about a course. */
const fakeLms = (held: Record<string, Enrollment> = {}) => {
  const enrollments = new Map(Object.entries(held))
  const troubles = new Map<string, Trouble[]>()
  const reads: string[] = []
  const writes: EnrollmentWish[] = []
  const lookups: AccountQuery[] = []
  const trouble = (courseId: string) => troubles.get(courseId)?.shift()
  const lms: Lms = {
    findUsername: async (query) => {
      lookups.push(query)
      return trouble('account') ?? { verdict: 'known', value: 'alice' }
    },
    readEnrollment: async (username, courseId) => {
      reads.push(`${username},${courseId}`)
      return { verdict: 'known', value: enrollments.get(courseId) ?? null }
    },
    writeEnrollment: async (wish): Promise<LineVerdict> => {
      writes.push(wish)
      const met = trouble(wish.courseId)
      if (met !== undefined) return met
      enrollments.set(wish.courseId, { mode: wish.mode, isActive: true })
      return { verdict: 'granted' }
    },
  }
  const meet = (courseId: string, ...next: Trouble[]) => void troubles.set(courseId, next)
  return { lms, reads, writes, lookups, meet, handler: grantOnOrderPlaced(lms, { sendEmailOptIn: false }) }
}

const ill = transient('MESH_LMS_ERROR', 'ill')
const down = outage('MESH_LMS_UNAVAILABLE', 'down')
const unknown = permanent('MESH_LMS_COURSE_UNKNOWN', 'no such course')
const fresh = initialOrderState()

describe('order.placed', () => {
  it('grants its line and says that the order is fulfilled', async () => {
    const { handler, reads, writes } = fakeLms()
    const then = await given(handler, fresh).when(orderOf([line('a')]))
    expect(then).toMatchObject({
      outcome: 'done',
      lines: { a: 'granted' },
      events: [{ type: 'order.fulfilled.v1' }],
    })
    expect(reads).toEqual([`alice,${courseOf('a')}`])
    expect(writes).toEqual([
      {
        username: 'alice',
        courseId: courseOf('a'),
        mode: 'verified',
        orderNumber: 'EDX-100001',
        placedAt: '2026-01-02T03:04:05Z',
      },
    ])
  })

  it('writes nothing where it is so already', async () => {
    const { handler, writes } = fakeLms({ [courseOf('a')]: { mode: 'verified', isActive: true } })
    await expect(given(handler, fresh).when(orderOf([line('a')]))).resolves.toMatchObject({ outcome: 'done' })
    expect(writes).toEqual([])
  })

  it('activates and raises an enrollment that is there', async () => {
    const { handler, writes } = fakeLms({
      [courseOf('a')]: { mode: 'audit', isActive: true },
      [courseOf('b')]: { mode: 'verified', isActive: false },
    })
    await expect(given(handler, fresh).when(orderOf([line('a'), line('b')]))).resolves.toMatchObject({
      outcome: 'done',
    })
    expect(writes).toHaveLength(2)
  })

  it('asks a person before it takes away what was paid for', async () => {
    const { handler, writes } = fakeLms({ [courseOf('a')]: { mode: 'masters', isActive: true } })
    const then = await given(handler, fresh).when(orderOf([line('a')]))
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_MODE_CONFLICT',
      events: [{ type: 'order.fulfillment-failed.v1' }],
    })
    expect(writes).toEqual([])
  })

  it('sends the credit provider with credit only, and refuses credit without one before any call', async () => {
    const { handler, reads, writes } = fakeLms()
    const lines = [
      line('a', { mode: 'credit', creditProvider: 'asu' }),
      line('b', { creditProvider: 'asu' }),
      line('c', { mode: 'credit' }),
    ]
    const then = await given(handler, fresh).when(orderOf(lines))
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_CREDIT_PROVIDER_MISSING',
      lines: { a: 'granted', b: 'granted', c: 'failed' },
    })
    expect(writes.map(({ creditProvider }) => creditProvider)).toEqual(['asu', undefined])
    expect(reads).toHaveLength(2)
  })

  it.each([
    [false, true, undefined],
    [true, true, true],
    [true, false, false],
    [true, undefined, undefined],
  ])('sends the email opt-in as the operator wants: %p, %p', async (sendEmailOptIn, emailOptIn, sent) => {
    const { lms, writes } = fakeLms()
    const { emailOptIn: _, ...order } = orderOf([line('a')])
    await given(grantOnOrderPlaced(lms, { sendEmailOptIn }), fresh).when({
      ...order,
      ...(emailOptIn !== undefined && { emailOptIn }),
    })
    expect(writes[0]?.emailOptIn).toBe(sent)
  })
})

describe('several lines', () => {
  it('a line that fails stops no other', async () => {
    const { handler, meet, writes } = fakeLms()
    meet(courseOf('a'), unknown)
    meet(courseOf('b'), ill)
    const then = await given(handler, fresh).when(orderOf([line('a'), line('b'), line('c')]))
    expect(then).toMatchObject({
      outcome: 'retry',
      code: 'MESH_LMS_ERROR',
      lines: { a: 'failed', b: 'pending', c: 'granted' },
      events: [],
    })
    expect(writes).toHaveLength(3)
  })

  it('an LMS that is down is not asked for the rest', async () => {
    const { handler, meet, writes } = fakeLms()
    meet(courseOf('a'), down)
    const then = await given(handler, fresh).when(orderOf([line('a'), line('b')]))
    expect(then).toMatchObject({
      outcome: 'retry',
      scope: 'dependency',
      lines: { a: 'pending', b: 'pending' },
    })
    expect(then.state.lines['b']).toEqual(remembered('b', 'pending', 'MESH_LMS_UNAVAILABLE'))
    expect(writes).toHaveLength(1)
  })

  it('a retry asks only for what is pending; a refused line stays refused, and at the end the order is dead', async () => {
    const { handler, meet, writes } = fakeLms()
    meet(courseOf('a'), unknown)
    meet(courseOf('b'), ill)
    const order = orderOf([line('a'), line('b'), line('c')])
    const first = await given(handler, fresh).when(order)
    const second = await given(handler, first.state).when(order, { attempt: 2 })
    expect(second).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_COURSE_UNKNOWN',
      lines: { a: 'failed', b: 'granted', c: 'granted' },
    })
    expect(writes.map(({ courseId }) => courseId)).toEqual(['a', 'b', 'c', 'b'].map(courseOf))
  })

  it('a redrive asks for the refused line again, and then the order is fulfilled with all its lines', async () => {
    const { handler, meet, writes } = fakeLms()
    meet(courseOf('a'), unknown)
    const order = orderOf([line('a'), line('b')])
    const dead = await given(handler, fresh).when(order)
    const redriven = await given(handler, dead.state).when(order, { attempt: 1 })
    expect(redriven).toMatchObject({
      outcome: 'done',
      events: [{ type: 'order.fulfilled.v1', data: { lines: [{ lineId: 'a' }, { lineId: 'b' }] } }],
    })
    expect(writes.map(({ courseId }) => courseId)).toEqual(['a', 'b', 'a'].map(courseOf))
  })

  it('a redrive that meets an outage at first still asks for the refused line later', async () => {
    const { handler, meet } = fakeLms()
    meet(courseOf('a'), unknown, down)
    const order = orderOf([line('a')])
    const dead = await given(handler, fresh).when(order)
    const outage = await given(handler, dead.state).when(order, { attempt: 1 })
    expect(outage).toMatchObject({ outcome: 'retry', lines: { a: 'pending' } })
    await expect(given(handler, outage.state).when(order, { attempt: 2 })).resolves.toMatchObject({
      outcome: 'done',
    })
  })
})

describe('lines that come one by one', () => {
  it('are merged, and each arrival of the last one says fulfilled with all', async () => {
    const { handler, writes } = fakeLms()
    const first = await given(handler, fresh).when(orderOf([line('a')]))
    const second = await given(handler, first.state).when(orderOf([line('a'), line('b')]))
    expect(second).toMatchObject({
      outcome: 'done',
      events: [{ data: { lines: [{ lineId: 'a' }, { lineId: 'b' }] } }],
    })
    expect(writes.map(({ courseId }) => courseId)).toEqual(['a', 'b'].map(courseOf))
  })

  it('are suppressed when they were granted before', async () => {
    const { handler, reads } = fakeLms()
    const state: OrderState = { lines: { a: remembered('a', 'granted') } }
    await expect(given(handler, state).when(orderOf([line('a')]))).resolves.toMatchObject({
      outcome: 'suppressed',
      events: [],
      state,
    })
    expect(reads).toEqual([])
  })

  it('do not try a failed line of another event again', async () => {
    const { handler, writes } = fakeLms()
    const state: OrderState = { lines: { a: remembered('a', 'failed', 'MESH_LMS_COURSE_UNKNOWN') } }
    const then = await given(handler, state).when(orderOf([line('b')]))
    expect(then).toMatchObject({ outcome: 'done', events: [], lines: { a: 'failed', b: 'granted' } })
    expect(writes).toHaveLength(1)
  })

  it('are a conflict when a line id stands for something else already', async () => {
    const { handler, reads } = fakeLms()
    const state: OrderState = { lines: { a: remembered('a', 'granted') } }
    const then = await given(handler, state).when(orderOf([line('a', { mode: 'professional' }), line('b')]))
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_ORDER_CONFLICT', state, events: [] })
    expect(reads).toEqual([])
  })
})

describe('the learner', () => {
  it('is looked up by LMS user id once, and remembered', async () => {
    const { handler, lookups, meet } = fakeLms()
    meet(courseOf('a'), ill)
    const order = orderOf([line('a')], { learner: { lmsUserId: 4, email: 'alice@example.org' } })
    const first = await given(handler, fresh).when(order)
    expect(first.state.account).toEqual({ of: 'lmsUserId:4', username: 'alice' })
    const second = await given(handler, first.state).when(order, { attempt: 2 })
    expect(second.outcome).toBe('done')
    expect(lookups).toEqual([{ lmsUserId: 4 }])
  })

  it('is looked up by email where nothing else is known', async () => {
    const { handler, lookups } = fakeLms()
    await given(handler, fresh).when(orderOf([line('a')], { learner: { email: 'alice@example.org' } }))
    expect(lookups).toEqual([{ email: 'alice@example.org' }])
  })

  it('is never mistaken for the one remembered', async () => {
    const { handler, lookups } = fakeLms()
    const state: OrderState = { lines: {}, account: { of: 'lmsUserId:4', username: 'bob' } }
    await given(handler, state).when(orderOf([line('a')], { learner: { lmsUserId: 5 } }))
    expect(lookups).toEqual([{ lmsUserId: 5 }])
  })

  it('that the LMS does not know fails every line', async () => {
    const { handler, meet, reads } = fakeLms()
    meet('account', permanent('MESH_LMS_LEARNER_UNKNOWN', 'nobody'))
    const then = await given(handler, fresh).when(
      orderOf([line('a'), line('b')], { learner: { lmsUserId: 4 } }),
    )
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_LEARNER_UNKNOWN',
      lines: { a: 'failed', b: 'failed' },
    })
    expect(reads).toEqual([])
  })
})

describe('an order.placed whose time has run out', () => {
  it('says that fulfillment failed', () => {
    const state: OrderState = {
      retrying: 'event-1',
      lines: { a: remembered('a', 'pending', 'MESH_LMS_UNAVAILABLE') },
    }
    expect(given(fakeLms().handler, state).whenExhausted(orderOf([line('a')]))).toMatchObject({
      state: { lines: { a: remembered('a', 'failed', 'MESH_LMS_UNAVAILABLE') } },
      events: [{ type: 'order.fulfillment-failed.v1' }],
    })
  })
})

describe('the watcher', () => {
  it('sees every line that was tried, and nobody’s name', async () => {
    const { lms, meet } = fakeLms()
    meet(courseOf('b'), unknown)
    const seen: unknown[] = []
    const handler = grantOnOrderPlaced(lms, { sendEmailOptIn: true, watch: (line) => seen.push(line) })
    await given(handler, fresh).when(
      orderOf([line('a'), line('b')], { learner: { username: 'alice', email: 'alice@example.org' } }),
    )
    expect(seen).toEqual([
      {
        traceId: expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/),
        orderNumber: 'EDX-100001',
        lineId: 'a',
        courseId: courseOf('a'),
        mode: 'verified',
        result: { verdict: 'granted' },
      },
      {
        traceId: expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/),
        orderNumber: 'EDX-100001',
        lineId: 'b',
        courseId: courseOf('b'),
        mode: 'verified',
        result: unknown,
      },
    ])
    expect(JSON.stringify(seen)).not.toContain('alice')
  })
})
