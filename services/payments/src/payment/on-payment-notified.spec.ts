import { describe, expect, it } from '@jest/globals'
import {
  emittedBy,
  history,
  lastOf,
  notification,
  paidSubmission,
  submission,
  titanSubmission,
} from '../sample.ts'
import { MAX_CAPTURES } from '../state.ts'

const PLACED = ['payment.captured.v1', 'order.placed.v1']

describe('a capture without its order', () => {
  it('is kept', async () => {
    const then = await lastOf(notification())
    expect(then).toMatchObject({ outcome: 'done', reason: 'waiting for the order', events: [] })
    expect(then.state.captures).toEqual([
      {
        provider: 'stripe',
        reference: 'pi_1',
        amount: 14900,
        currency: 'USD',
        capturedAt: '2026-01-01T10:00:05Z',
      },
    ])
  })

  it('is kept once, though two notifications tell of it', async () => {
    const then = await lastOf(
      notification(),
      notification({ notificationType: 'checkout.session.completed' }, 'evt-cs'),
    )
    expect(then).toMatchObject({ outcome: 'suppressed', state: { captures: [{ reference: 'pi_1' }] } })
    expect(then.state.captures).toHaveLength(1)
  })

  it.each([
    ['amount', { amount: 1000 }],
    ['currency', { currency: 'EUR' }],
    ['provider', { provider: 'paypal' }],
  ])('is kept beside one of another %s, and pays', async (_what, difference) => {
    const [, second, order] = await history([
      notification(difference),
      notification({}, 'evt-2'),
      submission(),
    ])
    expect(second?.state.captures).toHaveLength(2)
    expect(emittedBy(order!)).toEqual(PLACED)
  })

  it('is dead once too many are kept', async () => {
    const kept = Array.from({ length: MAX_CAPTURES }, (_, at) => notification({ reference: `pi_${at + 10}` }))
    const then = await lastOf(...kept, notification())
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_WAITING_FULL' })
    expect(then.state.captures).toHaveLength(MAX_CAPTURES)
  })
})

describe('a capture for an order that waits', () => {
  it('places it', async () => {
    const then = await lastOf(submission(), notification())
    expect(emittedBy(then)).toEqual(PLACED)
    expect(then).toMatchObject({
      outcome: 'done',
      lines: { '1': 'paid' },
      events: [
        {
          data: {
            provider: 'stripe',
            reference: 'pi_1',
            total: 14900,
            currency: 'USD',
            capturedAt: '2026-01-01T10:00:05Z',
          },
        },
        { data: { learner: { lmsUserId: 42 }, payment: { provider: 'stripe', reference: 'pi_1' } } },
      ],
      state: { captures: [], paidWith: [{ provider: 'stripe', reference: 'pi_1' }], placed: ['1'] },
    })
  })

  it('places it, too, when the order names another reference: a learner may try again with a new payment', async () => {
    const order = submission({ payment: { status: 'pending', provider: 'stripe', reference: 'cs_1' } })
    expect(emittedBy(await lastOf(order, notification()))).toEqual(PLACED)
  })

  it.each([
    [
      'amount',
      { amount: 1000 },
      'stripe captured 10.00 USD (pi_1), but the order is 149.00 USD through stripe.',
    ],
    [
      'currency',
      { currency: 'JPY' },
      'stripe captured 14900 JPY (pi_1), but the order is 149.00 USD through stripe.',
    ],
    [
      'provider',
      { provider: 'paypal' },
      'paypal captured 149.00 USD (pi_1), but the order is 149.00 USD through stripe.',
    ],
  ])('is dead when the %s differs', async (_what, difference, reason) => {
    const then = await lastOf(submission(), notification(difference))
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_PAYMENT_MISMATCH',
      reason,
      events: [],
      state: { placed: [] },
    })
  })
})

describe('a wrong capture', () => {
  const wrong = notification({ amount: 1000 })

  it('does not keep the right one from placing the order, with another payment or the same', async () => {
    expect(emittedBy(await lastOf(submission(), wrong, notification({ reference: 'pi_2' })))).toEqual(PLACED)
    expect(emittedBy(await lastOf(submission(), wrong, notification()))).toEqual(PLACED)
  })

  it('makes one dead letter, though two notifications tell of it', async () => {
    const then = await lastOf(submission(), wrong, { ...wrong, id: 'evt-cs' })
    expect(then.outcome).toBe('suppressed')
    expect(then.reason).toMatch(/^a dead letter tells of this capture already\. stripe captured 10\.00 USD/)
  })

  it('is dead again when redriven too early', async () => {
    const [, first, again] = await history([submission(), wrong, wrong])
    expect(again).toEqual(first)
  })

  it.each([
    ['another payment', 'pi_2'],
    ['the same payment', 'pi_1'],
  ])('is suppressed when redriven after %s has paid', async (_what, reference) => {
    const then = await lastOf(submission(), wrong, notification({ reference }), wrong)
    expect(then).toMatchObject({ outcome: 'suppressed', events: [], state: { placed: ['1'] } })
    expect(then.reason).toMatch(/another has paid the order since/)
  })
})

describe('wrong captures without end', () => {
  it('are all told of, but not all kept', async () => {
    const wrong = Array.from({ length: MAX_CAPTURES + 1 }, (_, at) =>
      notification({ amount: 1, reference: `pi_${at}` }),
    )
    const then = await lastOf(submission(), ...wrong)
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_MISMATCH' })
    expect(then.state.captures).toHaveLength(MAX_CAPTURES)
  })
})

describe('a capture for an order that is paid', () => {
  it('is suppressed when it tells of the same payment', async () => {
    const completed = notification({ notificationType: 'checkout.session.completed' }, 'evt-cs')
    expect(await lastOf(submission(), notification(), completed)).toMatchObject({
      outcome: 'suppressed',
      reason: 'this payment has paid the order before',
      events: [],
    })
  })

  it('is dead when it is another payment, also when redriven; once', async () => {
    const second = notification({ reference: 'pi_2' })
    const [, , dead, copy, redriven] = await history([
      submission(),
      notification(),
      second,
      { ...second, id: 'evt-cs' },
      second,
    ])
    expect(dead).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_TWICE', events: [] })
    expect(dead?.reason).toBe(
      'stripe captured 149.00 USD (pi_2), but the order (149.00 USD) was paid before with stripe pi_1.',
    )
    expect(copy?.outcome).toBe('suppressed')
    expect(redriven).toEqual(dead)
  })

  it('is dead when the same payment is of another amount', async () => {
    const then = await lastOf(submission(), notification(), notification({ amount: 29800 }, 'evt-more'))
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_MISMATCH', state: { placed: ['1'] } })
  })
})

describe('a capture for an order that the storefront handed in as paid', () => {
  it('is suppressed with the same reference', async () => {
    expect(await lastOf(paidSubmission('pi_1'), notification())).toMatchObject({
      outcome: 'suppressed',
      events: [],
    })
  })

  it.each([
    ['reference', 'pi_1', { reference: 'pi_2' }],
    ['provider', 'pi_1', { provider: 'paypal' }],
    ['provider, whatever the reference', null, { provider: 'paypal' }],
  ])('is dead with another %s: it may have been paid twice', async (_what, reference, difference) => {
    expect(await lastOf(paidSubmission(reference), notification(difference))).toMatchObject({
      code: 'MESH_PAYMENT_TWICE',
    })
  })

  it('is dead with another amount', async () => {
    expect(await lastOf(paidSubmission('pi_1'), notification({ amount: 1 }))).toMatchObject({
      code: 'MESH_PAYMENT_MISMATCH',
    })
  })

  it('gives the reference where the storefront named none; the next one is a second payment', async () => {
    const [, first, second] = await history([
      paidSubmission(null),
      notification(),
      notification({ reference: 'pi_2' }),
    ])
    expect(first).toMatchObject({
      outcome: 'suppressed',
      state: { paidWith: [{ provider: 'stripe', reference: 'pi_1' }] },
    })
    expect(second).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_TWICE' })
  })

  it('is not compared with a price that nobody told', async () => {
    const then = await lastOf(titanSubmission('1'), notification({ provider: 'titan', amount: 5 }))
    expect(then.outcome).toBe('suppressed')
  })
})

describe('the other kinds', () => {
  it.each([
    ['failed', 'stripe says that the payment failed; the order goes on waiting'],
    ['action-required', 'stripe waits for the learner to confirm the payment; the order goes on waiting'],
  ] as const)('%s: suppressed, and the order goes on waiting', async (kind, reason) => {
    const [first, then] = await history([submission(), notification({ kind })])
    expect(then).toEqual({ outcome: 'suppressed', reason, events: [], state: first?.state })
    expect((await lastOf(submission(), notification(), notification({ kind }))).reason).toMatch(
      /the order is paid already$/,
    )
  })

  it.each(['refunded', 'disputed'] as const)(
    '%s: dead, whatever came before, also when redriven',
    async (kind) => {
      const event = notification({ kind })
      for (const before of [[], [submission()], [submission(), notification()], [event]]) {
        const then = await lastOf(...before, event)
        expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_REVERSED', events: [] })
        expect(then.reason).toContain(`payment pi_1 as ${kind}`)
      }
    },
  )
})
