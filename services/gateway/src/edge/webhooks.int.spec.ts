import { type EventContract, orderPlaced, paymentNotified, sampleOf } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MeshError, isMeshError } from '@commerce-mesh/mesh'
import { SEATS, type SeatParts, seatReserved, seatSource, sign } from '../webhooks/seat-source.fixture.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'

const SECRET = 'a-secret-of-the-seats'

let gateway: Fixture

const open = async (parts: SeatParts = {}, secrets: readonly string[] = ['an-old-secret', SECRET]) => {
  gateway = await openFixture({}, undefined, { sources: [seatSource(secrets, parts)] })
}

afterEach(() => gateway.close())

const post = async (body: string, signature: string | undefined = sign(body, SECRET), name = 'seats') => {
  const response = await fetch(`${gateway.url}/webhooks/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature !== '' && { 'x-seats-signature': signature }),
    },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const reserved = (...seats: unknown[]) => JSON.stringify({ kind: 'reserved', id: 'n-1', seats })

/** Answers 500 with nothing of the inside, publishes nothing, and names the source in the log with these words. */
const expectFault = async (answer: Awaited<ReturnType<typeof post>>, reason: unknown) => {
  expect(answer).toMatchObject({ status: 500, body: { code: 'MESH_INTERNAL' } })
  expect(answer.body['detail']).not.toContain('seats')
  expect(gateway.published).toEqual([])
  expect(gateway.logged).toContainEqual(
    expect.objectContaining({ level: 'error', code: 'MESH_INTERNAL', source: 'seats', reason }),
  )
}

describe('a webhook of a plugin’s source', () => {
  it('makes its event durable under a stable id and the owner’s source, then answers 200', async () => {
    await open()
    expect(await post(reserved('A-1'))).toMatchObject({
      status: 200,
      body: { received: true, eventId: 'n-1#0' },
    })
    await post(reserved('A-1'))
    const event = {
      type: 'seat.reserved.v1',
      data: { seat: 'A-1' },
      id: 'n-1#0',
      source: SEATS,
      traceparent: expect.any(String),
    }
    expect(gateway.published).toEqual([event, event])
    expect(await gateway.context.metrics.text()).toContain(
      'mesh_accepted_total{type="seat.reserved.v1",channel="seats"} 2',
    )
  })

  it('makes several events of one notification, in their order', async () => {
    await open()
    expect((await post(reserved('A-1', 'A-2', 'A-3'))).body).toEqual({
      received: true,
      eventIds: ['n-1#0', 'n-1#1', 'n-1#2'],
    })
    expect(gateway.published.map(({ data }) => data)).toEqual([
      { seat: 'A-1' },
      { seat: 'A-2' },
      { seat: 'A-3' },
    ])
  })

  it('stands beside Stripe’s', async () => {
    await open()
    expect((await post('{}', '', 'stripe')).body['detail']).toContain('services.gateway.stripe.secrets')
    expect((await post('{}', '', 'nobody')).status).toBe(404)
  })

  it.each([
    ['none', reserved('A-1'), ''],
    ['nonsense', reserved('A-1'), 'nonsense'],
    ['one by another secret', reserved('A-1'), sign(reserved('A-1'), 'somebody-else')],
    ['one of another body', `${reserved('A-1')} `, sign(reserved('A-1'), SECRET)],
    ['none, over what is no JSON', '{"not even": json', ''],
  ])('refuses a wrong signature with 401 and reads nothing: %s', async (_what, body, signature) => {
    let read = false
    await open({
      read: () => {
        read = true
        return { events: [] }
      },
    })
    const answer = await post(body, signature)
    expect(answer).toMatchObject({ status: 401, body: { code: 'MESH_SIGNATURE_INVALID' } })
    expect(answer.headers.get('www-authenticate')).toContain('Signature')
    expect([read, gateway.published]).toEqual([false, []])
  })

  it('takes nothing while no secret is configured, whatever verify would say', async () => {
    await open({ verify: () => true }, [])
    const { status, body } = await post(reserved('A-1'))
    expect([status, body['code'], gateway.published]).toEqual([401, 'MESH_SIGNATURE_INVALID', []])
    expect(body['detail']).toContain('no secret is configured in sources.seats')
  })

  it('takes nothing while one of its secrets is empty: anybody could sign with it', async () => {
    await open({}, ['', SECRET])
    const body = reserved('A-1')
    expect((await post(body, sign(body, ''))).status).toBe(401)
    expect((await post(body)).status).toBe(401)
    expect(gateway.published).toEqual([])
  })

  it('answers 200 to what it ignores, counts it and says so in the log', async () => {
    await open()
    const body = JSON.stringify({ kind: 'seat-sold', id: 'n-1', seats: [] })
    expect((await post(body)).body).toEqual({ received: true, ignored: 'seat-sold' })
    expect((await post(reserved())).body).toEqual({ received: true, ignored: 'no-events' })
    expect(await gateway.context.metrics.text()).toContain(
      'mesh_webhook_ignored_total{source="seats",reason="seat-sold"} 1',
    )
    expect(gateway.logged).toContainEqual(expect.objectContaining({ source: 'seats', reason: 'no-events' }))
  })

  it('puts no reason into metrics and logs that is no word: it may be made of the body', async () => {
    await open()
    const body = JSON.stringify({ kind: 'alice@example.org has left', id: 'n-1', seats: [] })
    expect((await post(body)).body).toEqual({ received: true, ignored: 'unnamed' })
    expect(`${await gateway.context.metrics.text()}${JSON.stringify(gateway.logged)}`).not.toContain('alice')
  })

  it('answers 422 to what the provider does not document, 400 to what is no strict JSON', async () => {
    await open()
    expect(await post('{}')).toMatchObject({
      status: 422,
      body: { code: 'MESH_REQUEST_INVALID', errors: [{ path: 'seats', message: 'is missing' }] },
    })
    for (const body of ['{"seats":', '{"id":1,"id":2}', '['.repeat(40) + ']'.repeat(40)])
      expect(await post(body)).toMatchObject({ status: 400, body: { code: 'MESH_REQUEST_MALFORMED' } })
  })

  it('answers 503 while the bus is down, so that the provider sends it again', async () => {
    await open()
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full'))
    const { status, headers } = await post(reserved('A-1', 'A-2'))
    expect([status, headers.get('retry-after')]).toEqual([503, '5'])
  })

  it('stops at the first event that is not durable: 503, and the same ones again', async () => {
    await open()
    let asked = 0
    gateway.onPublish = async () => {
      asked += 1
      if (asked === 2) throw new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full')
    }
    const { status, headers } = await post(reserved('A-1', 'A-2', 'A-3'))
    expect([status, headers.get('retry-after'), asked]).toEqual([503, '5', 2])
    expect(gateway.published.map(({ id }) => id)).toEqual(['n-1#0'])
    gateway.onPublish = async () => {}
    expect((await post(reserved('A-1', 'A-2', 'A-3'))).status).toBe(200)
    expect(gateway.published.map(({ id }) => id)).toEqual(['n-1#0', 'n-1#0', 'n-1#1', 'n-1#2'])
  })

  it('is refused beyond the limit of bodies, and compressed', async () => {
    await open()
    expect((await post(reserved('x'.repeat(300_000)))).status).toBe(413)
  })

  it('is described in /openapi.json', async () => {
    await open({ name: 'acme-seats' })
    const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
      paths: Record<string, { post: { operationId: string; security: unknown } }>
    }
    expect(paths['/webhooks/acme-seats']?.post).toMatchObject({
      operationId: 'acmeSeatsWebhook',
      security: [{ webhookSignature: [] }],
    })
    expect(paths['/webhooks/stripe']?.post.security).toEqual([{ stripeSignature: [] }])
  })
})

const boom = (text: string) => () => {
  throw new TypeError(text)
}

/** A contract of the mesh with a schema of the source's own. */
const lax = { ...orderPlaced, data: seatReserved.data, key: () => 'A-1' } as unknown as EventContract

describe('a source that fails', () => {
  const MARK = 'alice@example.org\n    at alice'

  it.each(['secrets', 'verify', 'read'] as const)(
    'by throwing in %s: 500, its name in the log, its message nowhere',
    async (step) => {
      await open({ [step]: boom(MARK) })
      await expectFault(await post(reserved('A-1')), `The source 'seats' threw in ${step}.`)
      expect(gateway.logged).toContainEqual(
        expect.objectContaining({
          error: 'TypeError',
          frames: expect.arrayContaining([expect.stringContaining('webhooks.int.spec')]),
        }),
      )
      expect(JSON.stringify(gateway.logged)).not.toContain('alice')
    },
  )

  it.each<[string, SeatParts, string]>([
    [
      'a promise that is kept, which is no yes',
      { verify: (async () => true) as unknown as () => boolean },
      'answered neither true nor false in verify',
    ],
    [
      'a promise that is broken, which must not end the process',
      { verify: (() => Promise.reject(new Error('later'))) as unknown as () => boolean },
      'answered neither true nor false in verify',
    ],
    [
      'a promise in read',
      { read: (() => Promise.reject(new Error('later'))) as unknown as SeatParts['read'] & {} },
      'answered neither events nor ignored nor errors in read',
    ],
    [
      'nothing in read',
      { read: (() => undefined) as unknown as SeatParts['read'] & {} },
      'answered neither events nor ignored nor errors in read',
    ],
    [
      'an event that it does not declare',
      {
        read: () => ({
          events: [
            {
              contract: paymentNotified as unknown as EventContract,
              data: sampleOf(paymentNotified),
              id: 'n-1',
            },
          ],
        }),
      },
      'made payment.notified.v1, which it does not declare in emits',
    ],
    [
      'an event that breaks its contract, whatever schema the source has brought for it',
      {
        emits: [lax],
        read: () => ({ events: [{ contract: lax, data: { seat: 'alice' }, id: 'n-1' }] }),
      },
      'made order.placed.v1, which breaks its contract: data.orderNumber is missing',
    ],
    [
      'two events with one id',
      {
        read: () => ({
          events: ['A-1', 'A-2'].map((seat) => ({
            contract: seatReserved as unknown as EventContract,
            data: { seat },
            id: 'n-1',
          })),
        }),
      },
      'made two events with one id of one notification',
    ],
  ])('by answering %s: 500, and nothing is published', async (_what, parts, reason) => {
    await open(parts)
    await expectFault(await post(reserved('A-1')), expect.stringContaining(`The source 'seats' ${reason}`))
    expect(JSON.stringify(gateway.logged)).not.toContain('alice')
  })

  it.each([
    ['a wrong kind of data', [{ seat: 7 }], 'data.seat must be text'],
    ['an empty key', [{ seat: '' }], 'data has an empty record key'],
    ['a key that can be no subject', ['A\u0001'], 'subject must not hold control characters'],
  ])(
    'by making one sound and one broken event (%s): not even the sound one is published',
    async (_w, bad, why) => {
      await open({
        read: () => ({
          events: ['A-1', ...bad].map((seat, nth) => ({
            contract: seatReserved as unknown as EventContract,
            data: typeof seat === 'string' ? { seat } : seat,
            id: `n-1#${nth}`,
          })),
        }),
      })
      await expectFault(await post(reserved('A-1')), expect.stringContaining(why))
    },
  )
})

describe('a source that can’t be served', () => {
  it.each([
    ['stripe', /which the gateway has itself/],
    ['a/b', /can’t be the end of an address/],
    ['{x}', /can’t be the end of an address/],
    ['', /can’t be the end of an address/],
  ])('named %j keeps the gateway from starting', async (name, message) => {
    await open()
    const thrown = await openFixture({}, undefined, { sources: [seatSource([SECRET], { name })] }).then(
      () => undefined,
      (one: unknown) => one,
    )
    expect(isMeshError(thrown, 'MESH_CONFIG_INVALID')).toBe(true)
    expect(thrown).toHaveProperty('message', expect.stringMatching(message))
  })
})
