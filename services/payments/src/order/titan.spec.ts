import type { OrderPlaced } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import {
  emittedBy,
  history,
  lastOf,
  notification,
  paidSubmission,
  seat,
  submission,
  titanSubmission,
} from '../sample.ts'

describe('lines of one order that come one by one through titan', () => {
  it('are placed each on its own, with one payment.captured', async () => {
    const [first, second] = await history([
      titanSubmission('1'),
      titanSubmission('2', { placedAt: '2026-01-01T10:01:00Z' }),
    ])
    expect(emittedBy(first!)).toEqual(['payment.captured.v1', 'order.placed.v1'])
    expect(second).toMatchObject({
      outcome: 'done',
      lines: { '2': 'paid' },
      events: [
        { type: 'order.placed.v1', data: { lines: [{ lineId: '2' }], placedAt: '2026-01-01T10:01:00Z' } },
      ],
      state: { placed: ['1', '2'], submission: { lines: [{ lineId: '1' }, { lineId: '2' }] } },
    })
  })

  it('place only what is new', async () => {
    const both = titanSubmission('2', { lines: [seat('1', { price: null }), seat('2', { price: null })] })
    const then = await lastOf(titanSubmission('1'), both)
    expect(then.events).toMatchObject([{ type: 'order.placed.v1', data: { lines: [{ lineId: '2' }] } }])
    expect(then.events.map((event) => (event.data as OrderPlaced).lines.length)).toEqual([1])
  })

  it('tell of another payment where the new line has one', async () => {
    const payment = { status: 'captured' as const, provider: 'titan', reference: 'T-2' }
    const then = await lastOf(titanSubmission('1'), titanSubmission('2', { payment }))
    expect(emittedBy(then)).toEqual(['payment.captured.v1', 'order.placed.v1'])
    expect(then.state.paidWith).toEqual([
      { provider: 'titan', reference: null },
      { provider: 'titan', reference: 'T-2' },
    ])
  })

  it('have one payment, also once its reference is known', async () => {
    const then = await lastOf(
      titanSubmission('1'),
      notification({ provider: 'titan', reference: 'T-1' }),
      titanSubmission('2'),
    )
    expect(emittedBy(then)).toEqual(['order.placed.v1'])
    expect(then.state.paidWith).toEqual([{ provider: 'titan', reference: 'T-1' }])
  })

  it('are suppressed when they come again', async () => {
    const then = await lastOf(
      titanSubmission('1'),
      titanSubmission('2'),
      titanSubmission('1', { emailOptIn: true }, 'again'),
    )
    expect(then).toMatchObject({ outcome: 'suppressed', reason: 'duplicate submission', events: [] })
  })

  it.each([
    [
      'the same line in another mode',
      titanSubmission('1', { lines: [seat('1', { mode: 'honor', price: null })] }, 'x'),
    ],
    ['another learner', titanSubmission('2', { learner: { lmsUserId: 43 } })],
    [
      'a line that is not paid',
      titanSubmission('2', { ...submission().data, channel: 'titan', lines: [seat('2')] }),
    ],
  ])('conflict: %s', async (_what, event) => {
    const [first, then] = await history([titanSubmission('1'), event])
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_ORDER_CONFLICT',
      events: [],
      state: first?.state,
    })
  })

  it('conflict with an order that was handed in whole', async () => {
    expect(await lastOf(paidSubmission(), titanSubmission('2'))).toMatchObject({
      code: 'MESH_ORDER_CONFLICT',
    })
    expect(await lastOf(titanSubmission('1'), paidSubmission())).toMatchObject({
      code: 'MESH_ORDER_CONFLICT',
    })
  })

  it('end at a hundred', async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => seat(`line-${at}`, { price: null }))
    const then = await lastOf(titanSubmission('x', { lines: hundred }), titanSubmission('one-too-many'))
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_ORDER_CONFLICT' })
    expect(then.reason).toContain('lines (more than 100)')
  })
})
