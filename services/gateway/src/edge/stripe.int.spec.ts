import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import Stripe from 'stripe'
import { type Fixture, openFixture } from './edge-fixture.ts'

const SECRET = 'whsec_test_secret'

const event = (type: string, object: Record<string, unknown> = {}) =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type,
    created: 1_795_262_400,
    data: {
      object: {
        id: 'pi_1',
        amount_received: 14_900,
        currency: 'usd',
        metadata: { order_number: 'EDX-100001' },
        ...object,
      },
    },
  })

let gateway: Fixture

beforeEach(async () => {
  gateway = await openFixture({ stripe: { secrets: ['whsec_other_secret', SECRET] } })
})

afterEach(() => gateway.close())

const sign = (body: string) =>
  Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp: gateway.time / 1_000 })

const post = async (body: string, signature: string | undefined = sign(body)) => {
  const response = await fetch(`${gateway.url}/webhooks/stripe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature !== '' && { 'stripe-signature': signature }),
    },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

describe('POST /webhooks/stripe', () => {
  it('makes a payment durable, then answers 200', async () => {
    const { status, body } = await post(event('payment_intent.succeeded'))
    expect([status, body]).toEqual([200, { received: true, eventId: gateway.published[0]?.id }])
    expect(gateway.published[0]).toMatchObject({
      type: 'payment.notified.v1',
      data: {
        orderNumber: 'EDX-100001',
        provider: 'stripe',
        notificationId: 'evt_1',
        kind: 'captured',
        reference: 'pi_1',
        amount: 14_900,
        currency: 'USD',
      },
    })
  })

  it('makes the same event of a notification that Stripe sends again', async () => {
    await post(event('payment_intent.succeeded'))
    await post(event('payment_intent.succeeded'))
    expect(gateway.published[0]?.id).toBe(gateway.published[1]?.id)
  })

  it.each([
    ['a missing signature', '', 'missing'],
    ['a wrong signature', `t=1795262400,v1=${'0'.repeat(64)}`, 'wrong'],
    ['nonsense', 'nonsense', 'unreadable'],
  ])('refuses %s with 400 and reads nothing', async (_what, signature, why) => {
    const { status, body } = await post('{"not even": json', signature)
    expect([status, body['code']]).toEqual([400, 'MESH_SIGNATURE_INVALID'])
    expect(body['detail']).toContain(why)
  })

  it('refuses a signature of half an hour ago', async () => {
    const body = event('payment_intent.succeeded')
    const signature = sign(body)
    gateway.time += 1_800_000
    expect(await post(body, signature)).toMatchObject({
      status: 400,
      body: { code: 'MESH_SIGNATURE_INVALID' },
    })
  })

  it('refuses everything and says why when no secret is configured', async () => {
    const bare = await openFixture()
    const body = event('payment_intent.succeeded')
    const response = await fetch(`${bare.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'stripe-signature': sign(body) },
      body,
    })
    expect(response.status).toBe(400)
    expect(((await response.json()) as { detail: string }).detail).toContain('gateway.stripe.secrets')
    await bare.close()
  })

  it('answers 200 to what concerns no order, counts it and says so in the log', async () => {
    expect((await post(event('customer.created'))).body).toEqual({ received: true, ignored: 'event-type' })
    expect((await post(event('payment_intent.succeeded', { metadata: {} }))).body).toEqual({
      received: true,
      ignored: 'no-order-number',
    })
    expect(gateway.published).toEqual([])
    expect(await gateway.context.metrics.text()).toContain(
      'mesh_webhook_ignored_total{source="stripe",reason="no-order-number"} 1',
    )
    expect(gateway.logged).toContainEqual(expect.objectContaining({ source: 'stripe', reason: 'event-type' }))
  })

  it('answers 503 while the bus is down, so that Stripe sends it again', async () => {
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full'))
    const { status, headers } = await post(event('payment_intent.succeeded'))
    expect([status, headers.get('retry-after')]).toEqual([503, '5'])
  })

  it('refuses signed nonsense with 400, and a signed event without an amount with 422', async () => {
    expect(await post('{"id":')).toMatchObject({ status: 400, body: { code: 'MESH_REQUEST_MALFORMED' } })
    expect(await post(event('payment_intent.succeeded', { amount_received: null }))).toMatchObject({
      status: 422,
      body: { code: 'MESH_REQUEST_INVALID' },
    })
  })
})
