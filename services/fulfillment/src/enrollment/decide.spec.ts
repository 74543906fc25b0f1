import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { outage, permanent, transient, type LineVerdict } from '../lms/verdict.ts'
import { decide, giveUp } from './decide.ts'
import { courseOf, line, orderOf, remembered } from './order.fixture.ts'
import type { OrderState } from './order-state.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const granted: LineVerdict = { verdict: 'granted' }
const refused = permanent('MESH_LMS_COURSE_UNKNOWN', 'The LMS knows no course run x.')
const ill = transient('MESH_LMS_ERROR', 'The LMS met an error of its own (500).')
const throttled = outage('MESH_LMS_THROTTLED', 'The LMS asks for fewer calls (429).', 9_000)
const down = outage('MESH_LMS_UNAVAILABLE', 'No connection to the LMS (ECONNREFUSED).')

const event = (...lineIds: string[]) => ({
  id: 'event-1',
  data: orderOf(lineIds.map((lineId) => line(lineId))),
})
const verdicts = (entries: Record<string, LineVerdict>) => new Map(Object.entries(entries))
const fresh: OrderState = { lines: {} }
const asSold = (lineId: string) => ({ lineId, courseId: courseOf(lineId), mode: 'verified' })

describe('the decision about an order', () => {
  it('is done, and says so, when every line is granted', () => {
    expect(decide(fresh, event('a', 'b'), verdicts({ a: granted, b: granted }), NOW)).toMatchObject({
      outcome: 'done',
      state: { lines: { a: remembered('a', 'granted'), b: remembered('b', 'granted') } },
      events: [
        {
          contract: { type: 'order.fulfilled.v1' },
          data: {
            orderNumber: 'EDX-100001',
            fulfilledAt: '2026-03-01T12:00:00.000Z',
            lines: [asSold('a'), asSold('b')],
          },
        },
      ],
      lines: { a: 'granted', b: 'granted' },
    })
  })

  it('is dead when a line was refused, and tells the state of all', () => {
    expect(decide(fresh, event('a', 'b'), verdicts({ a: refused, b: granted }), NOW)).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_COURSE_UNKNOWN',
      reason: 'The LMS knows no course run x.',
      state: {
        lines: { a: remembered('a', 'failed', 'MESH_LMS_COURSE_UNKNOWN'), b: remembered('b', 'granted') },
      },
      events: [
        {
          contract: { type: 'order.fulfillment-failed.v1' },
          data: {
            lines: [
              { ...asSold('a'), state: 'failed', code: 'MESH_LMS_COURSE_UNKNOWN' },
              { ...asSold('b'), state: 'granted' },
            ],
          },
        },
      ],
      lines: { a: 'failed', b: 'granted' },
    })
  })

  it('is to try again while any line may still come right, and keeps what was granted or refused', () => {
    const decision = decide(fresh, event('a', 'b', 'c'), verdicts({ a: granted, b: refused, c: ill }), NOW)
    expect(decision).toEqual({
      outcome: 'retry',
      code: 'MESH_LMS_ERROR',
      reason: 'The LMS met an error of its own (500).',
      scope: 'record',
      state: {
        retrying: 'event-1',
        lines: {
          a: remembered('a', 'granted'),
          b: remembered('b', 'failed', 'MESH_LMS_COURSE_UNKNOWN'),
          c: remembered('c', 'pending', 'MESH_LMS_ERROR'),
        },
      },
      lines: { a: 'granted', b: 'failed', c: 'pending' },
    })
  })

  it('takes the gravest trouble: an outage before one ill line, and the longest wait of all', () => {
    const slow = transient('MESH_LMS_ERROR', 'ill', { afterMs: 60_000 })
    const decision = decide(fresh, event('a', 'b', 'c'), verdicts({ a: slow, b: down, c: throttled }), NOW)
    expect(decision).toMatchObject({ code: 'MESH_LMS_THROTTLED', scope: 'dependency', afterMs: 60_000 })
  })

  it('ends as dead once only a line is left that was refused in an earlier attempt', () => {
    const earlier: OrderState = {
      retrying: 'event-1',
      lines: {
        a: remembered('a', 'failed', 'MESH_LMS_COURSE_UNKNOWN'),
        b: remembered('b', 'pending', 'MESH_LMS_ERROR'),
      },
    }
    const decision = decide(earlier, event('a', 'b'), verdicts({ b: granted }), NOW)
    expect(decision).toMatchObject({
      outcome: 'dead',
      code: 'MESH_LMS_COURSE_UNKNOWN',
      reason: 'The LMS does not know the course run.',
      lines: { a: 'failed', b: 'granted' },
    })
    expect(decision.state).not.toHaveProperty('retrying')
  })

  it('is done without saying fulfilled while a line of another event is open', () => {
    const other: OrderState = { lines: { a: remembered('a', 'failed', 'MESH_LMS_ENROLLMENT_REFUSED') } }
    const decision = decide(other, event('b'), verdicts({ b: granted }), NOW)
    expect(decision).toMatchObject({ outcome: 'done', events: [], lines: { a: 'failed', b: 'granted' } })
  })

  it('says fulfilled with the lines of all events when the last one is granted', () => {
    const other: OrderState = {
      lines: { a: remembered('a', 'granted') },
      account: { of: 'lmsUserId:4', username: 'alice' },
    }
    expect(decide(other, event('b'), verdicts({ b: granted }), NOW)).toMatchObject({
      outcome: 'done',
      state: { account: { of: 'lmsUserId:4', username: 'alice' } },
      events: [{ data: { lines: [asSold('a'), asSold('b')] } }],
    })
  })

  it('names each reason once, and no more than three', () => {
    const no = (text: string) => permanent('MESH_LMS_MODE_UNAVAILABLE', text)
    const all = verdicts({
      a: no('One.'),
      b: no('Two.'),
      c: no('Two.'),
      d: no('Three.'),
      e: no('Four.'),
      f: no('Five.'),
    })
    expect(decide(fresh, event('a', 'b', 'c', 'd', 'e', 'f'), all, NOW)).toMatchObject({
      reason: 'One. Two. Three. And 2 more.',
    })
  })

  const results = fc.constantFrom<LineVerdict>(granted, refused, ill, throttled, down)

  it('is retry if any line is in trouble, else dead if any was refused, else done; and a granted line stays granted', () => {
    const orders = fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), results, {
      minKeys: 1,
      maxKeys: 8,
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(orders, (all) => {
        const kinds = new Set(Object.values(all).map(({ verdict }) => verdict))
        const decision = decide(fresh, event(...Object.keys(all)), verdicts(all), NOW)
        const expected = kinds.has('transient') ? 'retry' : kinds.has('permanent') ? 'dead' : 'done'
        expect(decision.outcome).toBe(expected)
        for (const [lineId, { verdict }] of Object.entries(all)) {
          expect(decision.lines?.[lineId] === 'granted').toBe(verdict === 'granted')
        }
      }),
    )
  })

  it('treats __proto__ as a line id like any other', () => {
    const decision = decide(fresh, event('__proto__'), new Map([['__proto__', granted]]), NOW)
    expect(decision).toMatchObject({ outcome: 'done', events: [{ data: { lines: [asSold('__proto__')] } }] })
    expect(Object.keys(decision.lines ?? {})).toEqual(['__proto__'])
  })
})

describe('an order whose retry time has run out', () => {
  it('has failed in what is still pending, and keeps what is granted', () => {
    const state: OrderState = {
      retrying: 'event-1',
      lines: { a: remembered('a', 'granted'), b: remembered('b', 'pending', 'MESH_LMS_UNAVAILABLE') },
    }
    const left = giveUp(state, event('a', 'b').data, NOW)
    expect(left.state).toEqual({
      lines: { a: remembered('a', 'granted'), b: remembered('b', 'failed', 'MESH_LMS_UNAVAILABLE') },
    })
    expect(left).toMatchObject({
      events: [
        { contract: { type: 'order.fulfillment-failed.v1' }, data: { failedAt: '2026-03-01T12:00:00.000Z' } },
      ],
      lines: { a: 'granted', b: 'failed' },
    })
  })

  it('tells of its lines even if no attempt ever came to note them', () => {
    expect(giveUp(fresh, event('a').data, NOW).lines).toEqual({ a: 'failed' })
  })

  it('leaves the lines of other events alone', () => {
    const state: OrderState = { lines: { z: remembered('z', 'pending', 'MESH_LMS_ERROR') } }
    expect(giveUp(state, event('a').data, NOW).lines).toEqual({ z: 'pending', a: 'failed' })
  })
})
