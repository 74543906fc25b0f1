import { describe, expect, it } from '@jest/globals'
import { readNotification } from './notification.ts'

const event = (type: string, object: Record<string, unknown>, id = 'evt_1') => ({
  id,
  object: 'event',
  type,
  created: 1_795_262_400,
  livemode: false,
  data: { object: { metadata: { order_number: 'EDX-100001' }, currency: 'usd', ...object } },
})

const intent = { id: 'pi_1', object: 'payment_intent', amount: 20_000, amount_received: 14_900 }
const session = {
  id: 'cs_1',
  object: 'checkout.session',
  payment_intent: 'pi_1',
  payment_status: 'paid',
  amount_total: 14_900,
}

const paymentOf = (body: unknown) => {
  const reading = readNotification(body)
  if (!('payment' in reading)) throw new TypeError(`no payment: ${JSON.stringify(reading)}`)
  return reading.payment
}

describe('readNotification', () => {
  it('maps a payment intent that succeeded, with what was received', () => {
    expect(paymentOf(event('payment_intent.succeeded', intent))).toEqual({
      orderNumber: 'EDX-100001',
      provider: 'stripe',
      notificationId: 'evt_1',
      notificationType: 'payment_intent.succeeded',
      kind: 'captured',
      reference: 'pi_1',
      amount: 14_900,
      currency: 'USD',
      notifiedAt: '2026-11-21T12:00:00.000Z',
    })
  })

  it.each([
    ['payment_intent.payment_failed', intent, 'failed', 20_000],
    ['payment_intent.requires_action', intent, 'action-required', 20_000],
    ['checkout.session.completed', session, 'captured', 14_900],
    ['checkout.session.async_payment_succeeded', session, 'captured', 14_900],
    ['checkout.session.async_payment_failed', { ...session, payment_status: 'unpaid' }, 'failed', 14_900],
    [
      'charge.refunded',
      { id: 'ch_1', payment_intent: 'pi_1', amount: 14_900, amount_refunded: 4_900 },
      'refunded',
      4_900,
    ],
    ['refund.created', { id: 're_1', payment_intent: 'pi_1', amount: 4_900 }, 'refunded', 4_900],
    ['charge.dispute.created', { id: 'dp_1', payment_intent: 'pi_1', amount: 14_900 }, 'disputed', 14_900],
  ])('maps %s; its reference is the payment intent', (type, object, kind, amount) => {
    expect(paymentOf(event(type, object))).toMatchObject({
      kind,
      amount,
      reference: 'pi_1',
      currency: 'USD',
      notificationType: type,
    })
  })

  it('gives both events of one payment one reference, also when Stripe expands the intent', () => {
    const expanded = { ...session, payment_intent: intent }
    expect(paymentOf(event('checkout.session.completed', expanded)).reference).toBe(
      paymentOf(event('payment_intent.succeeded', intent)).reference,
    )
  })

  it('takes the session itself as reference where nothing had to be paid', () => {
    const free = { ...session, payment_intent: null, payment_status: 'no_payment_required', amount_total: 0 }
    expect(paymentOf(event('checkout.session.completed', free))).toMatchObject({
      kind: 'captured',
      reference: 'cs_1',
      amount: 0,
    })
  })

  it('counts in the minor units of ISO 4217', () => {
    const isk = { ...intent, currency: 'isk', amount_received: 500_000 }
    expect(paymentOf(event('payment_intent.succeeded', isk))).toMatchObject({
      amount: 5_000,
      currency: 'ISK',
    })
  })

  it.each([
    ['event-type', event('customer.created', {})],
    ['no-order-number', event('payment_intent.succeeded', { ...intent, metadata: {} })],
    ['no-order-number', event('payment_intent.succeeded', { ...intent, metadata: null })],
    ['no-order-number', event('refund.created', { id: 're_1', metadata: { order_number: '' } })],
    [
      'order-number-invalid',
      event('payment_intent.succeeded', { ...intent, metadata: { order_number: 'EDX 1; drop' } }),
    ],
    ['not-paid-yet', event('checkout.session.completed', { ...session, payment_status: 'unpaid' })],
  ])('ignores with the reason %s', (reason, body) =>
    expect(readNotification(body)).toEqual({ ignored: reason }),
  )

  it.each([
    ['no amount', event('payment_intent.succeeded', { id: 'pi_1' }), 'amount'],
    [
      'an amount in text',
      event('payment_intent.succeeded', { ...intent, amount_received: '149.00' }),
      'amount',
    ],
    [
      'a fraction of a króna',
      event('payment_intent.succeeded', { ...intent, currency: 'isk', amount_received: 505 }),
      'amount',
    ],
    ['an unknown currency', event('payment_intent.succeeded', { ...intent, currency: 'xxx' }), 'currency'],
    ['no id', { ...event('payment_intent.succeeded', intent), id: '' }, 'id'],
    ['no event at all', [], 'body'],
  ])('refuses what Stripe does not document: %s', (_what, body, path) =>
    expect(readNotification(body)).toEqual({
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    }),
  )
})
