import { describe, expect, it } from '@jest/globals'
import { emittedBy, history, lastOf, notification, paidSubmission, seat, submission } from '../sample.ts'

const PLACED = ['payment.captured.v1', 'order.placed.v1']

describe('a submission that is paid', () => {
  it('is placed at once', async () => {
    const then = await lastOf(paidSubmission('pi_1', { lines: [seat('1'), seat('2')], emailOptIn: true }))
    expect(then).toEqual({
      outcome: 'done',
      lines: { '1': 'paid', '2': 'paid' },
      events: [
        {
          type: 'payment.captured.v1',
          data: {
            orderNumber: 'EDX-100001',
            provider: 'stripe',
            reference: 'pi_1',
            currency: 'USD',
            total: 14900,
            capturedAt: '2026-01-01T10:00:00Z',
          },
        },
        {
          type: 'order.placed.v1',
          data: {
            orderNumber: 'EDX-100001',
            placedAt: '2026-01-01T10:00:00Z',
            learner: { lmsUserId: 42 },
            currency: 'USD',
            total: 14900,
            lines: [seat('1'), seat('2')],
            payment: { provider: 'stripe', reference: 'pi_1' },
            emailOptIn: true,
          },
        },
      ],
      state: {
        submission: paidSubmission('pi_1', { lines: [seat('1'), seat('2')], emailOptIn: true }).data,
        captures: [],
        paidWith: [{ provider: 'stripe', reference: 'pi_1' }],
        placed: ['1', '2'],
      },
    })
  })

  it('is placed, and a person told, when another payment came before it', async () => {
    const then = await lastOf(notification({ reference: 'pi_9' }), paidSubmission('pi_1'))
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_TWICE', lines: { '1': 'paid' } })
    expect(then.reason).toBe(
      'stripe captured 149.00 USD (pi_9), but the order (149.00 USD) was paid before with stripe pi_1.',
    )
    expect(emittedBy(then)).toEqual(PLACED)
  })

  it('takes a capture that came before it as its own payment, even where it names no reference', async () => {
    const then = await lastOf(notification(), paidSubmission(null))
    expect(then).toMatchObject({
      outcome: 'done',
      state: { captures: [], paidWith: [{ reference: 'pi_1' }] },
    })
  })
})

describe('a submission that is paid, without a reference', () => {
  it('has one payment: the first capture gives its reference, the next is one too many', async () => {
    const then = await lastOf(notification(), notification({ reference: 'pi_2' }), paidSubmission(null))
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_PAYMENT_TWICE',
      state: { paidWith: [{ reference: 'pi_1' }] },
    })
    expect(then.state.captures).toMatchObject([{ reference: 'pi_2' }])
  })
})

describe('a submission that is pending', () => {
  it('waits for its payment', async () => {
    const then = await lastOf(submission())
    expect(then).toMatchObject({
      outcome: 'done',
      reason: 'waiting for the payment',
      lines: { '1': 'submitted' },
      events: [],
    })
  })

  it('is placed at once when its capture is there', async () => {
    const then = await lastOf(notification(), submission())
    expect(emittedBy(then)).toEqual(PLACED)
    expect(then).toMatchObject({
      outcome: 'done',
      lines: { '1': 'paid' },
      events: [
        { data: { reference: 'pi_1', capturedAt: '2026-01-01T10:00:05Z' } },
        { data: { payment: { provider: 'stripe', reference: 'pi_1' } } },
      ],
      state: { captures: [], paidWith: [{ provider: 'stripe', reference: 'pi_1' }], placed: ['1'] },
    })
  })

  it.each([
    [
      'amount',
      { amount: 1000 },
      'stripe captured 10.00 USD (pi_1), but the order is 149.00 USD through stripe.',
    ],
    [
      'currency',
      { currency: 'EUR' },
      'stripe captured 149.00 EUR (pi_1), but the order is 149.00 USD through stripe.',
    ],
    [
      'provider',
      { provider: 'paypal' },
      'paypal captured 149.00 USD (pi_1), but the order is 149.00 USD through stripe.',
    ],
  ])('is not placed with a capture of another %s', async (_what, difference, reason) => {
    const then = await lastOf(notification(difference), submission())
    expect(then).toMatchObject({ outcome: 'dead', code: 'MESH_PAYMENT_MISMATCH', reason, events: [] })
    expect(then.state).toMatchObject({ submission: { orderNumber: 'EDX-100001' }, placed: [] })
  })

  it('is still placed by the right capture after a wrong one', async () => {
    const then = await lastOf(notification({ amount: 1000 }), submission(), notification())
    expect(then.outcome).toBe('done')
    expect(emittedBy(then)).toEqual(PLACED)
  })

  it('chooses the right capture among several, and tells a person of the others', async () => {
    const others = [notification({ reference: 'pi_7' }), notification({ amount: 1000, reference: 'pi_8' })]
    const order = submission({ payment: { status: 'pending', provider: 'stripe', reference: 'pi_1' } })
    const then = await lastOf(...others, notification(), order)
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_PAYMENT_TWICE',
      state: { paidWith: [{ reference: 'pi_1' }] },
    })
    expect(then.reason).toMatch(/\(pi_7\).*\(pi_8\)/)
    expect(emittedBy(then)).toEqual(PLACED)
  })

  it('names at most three wrong captures', async () => {
    const wrong = ['a', 'b', 'c', 'd', 'e'].map((reference) => notification({ amount: 1, reference }))
    const then = await lastOf(...wrong, submission())
    expect(then.reason).toMatch(/\(a\).*\(b\).*\(c\).*And 2 more\.$/)
  })
})

describe('a redrive of a submission', () => {
  const wrong = notification({ amount: 1000 })

  it('is dead again while nothing has changed', async () => {
    const [, first, again] = await history([wrong, submission(), submission()])
    expect(again).toEqual({ ...first, lines: undefined })
  })

  it('is a duplicate once the right capture has come', async () => {
    const then = await lastOf(wrong, submission(), notification({ reference: 'pi_2' }), submission())
    expect(then).toMatchObject({ outcome: 'suppressed', reason: 'duplicate submission' })
  })

  it('is dead again for a payment made twice: only a person can give it back', async () => {
    const facts = [notification({ reference: 'pi_9' }), paidSubmission('pi_1')]
    expect(await lastOf(...facts, paidSubmission('pi_1'))).toMatchObject({
      outcome: 'dead',
      code: 'MESH_PAYMENT_TWICE',
      events: [],
    })
  })
})

describe('a second submission', () => {
  it('with the same contents is suppressed, whatever the key order, the door or the way to write the instant', async () => {
    const { learner, lines, ...rest } = submission({}, 'evt-again').data
    const again = {
      lines,
      ...rest,
      learner,
      placedAt: '2026-01-01T12:00:00.000+02:00',
      submittedBy: 'new-shop',
    }
    const then = await lastOf(submission(), { ...submission({}, 'evt-again'), data: again })
    expect(then).toMatchObject({ outcome: 'suppressed', reason: 'duplicate submission', events: [] })
  })

  it('with the same contents does not repeat a dead letter', async () => {
    const then = await lastOf(notification({ amount: 1000 }), submission(), submission({}, 'evt-again'))
    expect(then.outcome).toBe('suppressed')
  })

  it('with other contents is dead, and the first stands; names of fields are told, values not', async () => {
    const other = submission(
      { learner: { email: 'eve@example.com' }, lines: [seat('1', { mode: 'honor' })] },
      'evt-2',
    )
    const [first, then] = await history([submission(), other])
    expect(then).toMatchObject({
      outcome: 'dead',
      code: 'MESH_ORDER_CONFLICT',
      events: [],
      state: first?.state,
    })
    expect(then?.reason).toMatch(/what differs: learner, lines\./)
    expect(then?.reason).not.toMatch(/eve|honor/)
  })

  it('with other contents is dead again when redriven', async () => {
    const other = submission({ total: 1 }, 'evt-2')
    expect(await lastOf(submission(), other, other)).toMatchObject({
      outcome: 'dead',
      code: 'MESH_ORDER_CONFLICT',
    })
  })
})

describe('a submission that was pending and comes again as captured', () => {
  it('is placed: the storefront says that the money is there', async () => {
    const then = await lastOf(submission(), paidSubmission('pi_1'))
    expect(then).toMatchObject({
      outcome: 'done',
      state: { placed: ['1'], paidWith: [{ reference: 'pi_1' }] },
    })
    expect(emittedBy(then)).toEqual(PLACED)
  })

  it('changes nothing when the provider was faster', async () => {
    const then = await lastOf(submission(), notification(), paidSubmission('pi_1'))
    expect(then).toMatchObject({ outcome: 'suppressed', events: [] })
  })

  it('is the same order in the other order of arrival, too', async () => {
    const then = await lastOf(paidSubmission('pi_1'), submission())
    expect(then).toMatchObject({ outcome: 'suppressed', state: { placed: ['1'] } })
  })
})
