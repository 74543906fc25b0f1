import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DeadLetter } from '@commerce-mesh/mesh'
import { callersCollection, hashKey } from '../auth/api-key.ts'
import { initialOrderView } from '../order-view/index.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'

const LETTER: DeadLetter = {
  id: 'dl-1',
  status: 'open',
  class: 'permanent',
  code: 'MESH_ORDER_CONFLICT',
  reason: 'two orders',
  service: 'payments',
  handler: 'join-on-order-submitted',
  key: 'EDX-100001',
  attempts: 1,
  recordedAt: '2026-11-21T12:00:00.000Z',
  record: {
    topic: 'order.submitted.v1',
    partition: 0,
    offset: 7,
    timestamp: 0,
    key: 'EDX-100001',
    headers: {},
    value: 'c2VjcmV0',
  },
}

let gateway: Fixture

beforeEach(async () => {
  gateway = await openFixture()
  gateway.letters.set('dl-1', LETTER)
  gateway.letters.set('dl-2', {
    ...LETTER,
    id: 'dl-2',
    service: 'fulfillment',
    class: 'exhausted',
    key: 'EDX-2',
  })
})

afterEach(() => gateway.close())

const call = async (method: string, path: string, body?: unknown, key = gateway.key('operate')) => {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const ids = (body: Record<string, unknown>) => (body['deadLetters'] as { id: string }[]).map(({ id }) => id)

describe('dead letters', () => {
  it('are listed by what is asked for, without their payloads', async () => {
    const all = await call('GET', '/v1/dead-letters')
    expect([all.status, ids(all.body)]).toEqual([200, ['dl-1', 'dl-2']])
    expect(JSON.stringify(all.body)).not.toContain('c2VjcmV0')
    expect(ids((await call('GET', '/v1/dead-letters?service=fulfillment')).body)).toEqual(['dl-2'])
    expect(
      ids((await call('GET', '/v1/dead-letters?class=permanent&key=EDX-100001&status=open&limit=5')).body),
    ).toEqual(['dl-1'])
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=many', 'limit'],
    ['class=bad', 'class'],
    ['servce=x', 'servce'],
    ['key=a&key=b', 'key'],
  ])('?%s is 422', async (query, path) => {
    const { status, body } = await call('GET', `/v1/dead-letters?${query}`)
    expect([status, body['errors']]).toEqual([422, [expect.objectContaining({ path })]])
  })

  it('are shown whole one by one', async () => {
    expect((await call('GET', '/v1/dead-letters/dl-1')).body).toEqual(LETTER)
    expect(await call('GET', '/v1/dead-letters/dl-9')).toMatchObject({
      status: 404,
      body: { code: 'MESH_DEAD_LETTER_UNKNOWN' },
    })
  })

  it('are redriven once, by name', async () => {
    expect(await call('POST', '/v1/dead-letters/dl-1/redrive')).toMatchObject({
      status: 200,
      body: { status: 'redriven', closedBy: 'operate' },
    })
    expect(await call('POST', '/v1/dead-letters/dl-1/redrive')).toMatchObject({
      status: 409,
      body: { code: 'MESH_DEAD_LETTER_CLOSED' },
    })
  })

  it('are discarded with a reason', async () => {
    expect(await call('POST', '/v1/dead-letters/dl-2/discard', {})).toMatchObject({ status: 422 })
    expect(await call('POST', '/v1/dead-letters/dl-2/discard', { reason: '  ' })).toMatchObject({
      status: 422,
    })
    expect(await call('POST', '/v1/dead-letters/dl-2/discard', { reason: 'refunded' })).toMatchObject({
      status: 200,
      body: { status: 'discarded', note: 'refunded' },
    })
  })

  it('count as attention of their order only while they are open', async () => {
    const letter = {
      id: 'dl-1',
      code: LETTER.code,
      reason: LETTER.reason,
      eventId: 'e1',
      at: LETTER.recordedAt,
      service: LETTER.service,
      settled: false,
    }
    gateway.views.set('EDX-100001', {
      ...initialOrderView(),
      orderNumber: 'EDX-100001',
      letters: [letter],
    })
    expect((await call('GET', '/v1/orders/EDX-100001')).body['attention']).toEqual([
      expect.objectContaining({ deadLetterId: 'dl-1' }),
    ])
    await call('POST', '/v1/dead-letters/dl-1/discard', { reason: 'refunded' })
    expect((await call('GET', '/v1/orders/EDX-100001')).body).not.toHaveProperty('attention')
  })
})

describe('scope operate', () => {
  it.each([
    ['GET', '/v1/dead-letters'],
    ['GET', '/v1/dead-letters/dl-1'],
    ['POST', '/v1/dead-letters/dl-1/redrive'],
    ['POST', '/v1/dead-letters/dl-1/discard'],
    ['GET', '/v1/audit'],
    ['GET', '/v1/services'],
    ['POST', '/v1/callers'],
  ])('is needed for %s %s', async (method, path) => {
    expect((await call(method, path, undefined, gateway.key('orders:write', 'orders:read'))).status).toBe(403)
    expect((await fetch(gateway.url + path, { method })).status).toBe(401)
  })
})

describe('POST /v1/callers', () => {
  it('makes a key that works at once and is shown once: only its hash is kept', async () => {
    const made = await call('POST', '/v1/callers', { name: 'partner', scopes: ['operate'] })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'partner', scopes: ['operate'], key: expect.stringMatching(/^mesh_/) },
    })
    const key = String(made.body['key'])
    expect((await call('GET', '/v1/audit', undefined, key)).body).toEqual({
      at: '2026-11-21T12:00:00.000Z',
      services: [],
      drift: 0,
    })
    const { documents } = await gateway.store.find(callersCollection.name, { limit: 10 })
    expect(documents).toEqual([
      {
        id: hashKey(key),
        version: 1,
        body: { name: 'partner', scopes: ['operate'], createdAt: '2026-11-21T12:00:00.000Z' },
      },
    ])
    expect(JSON.stringify(gateway.logged)).not.toContain(key)
  })

  it.each([
    { name: 'lms:alice', scopes: ['operate'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['root'] },
    { name: 'x', scopes: ['operate', 'operate'] },
    { name: 'x' },
  ])('refuses %j', async (body) => {
    expect((await call('POST', '/v1/callers', body)).status).toBe(422)
  })

  it('says 503 when the store is down', async () => {
    gateway.store.failing = true
    expect(await call('POST', '/v1/callers', { name: 'x', scopes: ['operate'] })).toMatchObject({
      status: 503,
      body: { code: 'MESH_STORE_UNAVAILABLE' },
    })
  })
})
