import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { WHOLE_ORDER, submitted, traceId, viewOf } from '../order-view/sample.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'

let gateway: Fixture

beforeEach(async () => {
  gateway = await openFixture()
  const { store } = gateway.context
  await store.declare({
    name: 'gateway',
    indexes: { traceId: 'state.trace.traceId', paymentReference: 'state.payment.reference' },
  })
  await store.put('gateway', 'EDX-1', { state: await viewOf(...WHOLE_ORDER) }, 0)
  await store.put('gateway', 'EDX-2', { state: await viewOf(submitted(0, ['1'])) }, 0)
})

afterEach(() => gateway.close())

const find = async (query: string, key = gateway.key('operate')) => {
  const response = await fetch(`${gateway.url}/v1/orders${query}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.json(),
  }
}

describe('GET /v1/orders', () => {
  it.each([
    [`?traceId=${traceId(1)}`, { by: 'traceId', orders: ['EDX-1', 'EDX-2'] }],
    ['?paymentReference=pi_1', { by: 'paymentReference', orders: ['EDX-1'] }],
    ['?eventId=placed-30', { by: 'eventId', orders: ['EDX-1'] }],
    [`?traceId=${traceId(7)}&paymentReference=hop-90&eventId=hop-90`, { by: 'eventId', orders: ['EDX-1'] }],
    ['?eventId=none', { orders: [] }],
  ])('%s', async (query, body) => expect(await find(query)).toMatchObject({ status: 200, body }))

  it.each([
    ['', 'traceId'],
    ['?traceId=ABC', 'traceId'],
    ['?eventId=', 'eventId'],
    [`?paymentReference=${'x'.repeat(256)}`, 'paymentReference'],
    ['?evntId=1', 'evntId'],
    ['?eventId=a&eventId=b', 'eventId'],
  ])('refuses "%s"', async (query, path) => {
    expect(await find(query)).toMatchObject({
      status: 422,
      body: { code: 'MESH_REQUEST_INVALID', errors: [{ path }] },
    })
  })

  it('is for operators: others must not find out which orders there are', async () => {
    for (const scope of ['orders:read', 'orders:write'] as const)
      expect(await find('?eventId=placed-30', gateway.key(scope))).toMatchObject({
        status: 403,
        body: { code: 'MESH_FORBIDDEN' },
      })
  })

  it('looks through all orders for one caller at a time, and asks an index for everybody', async () => {
    const reached = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const { find: read } = gateway.store
    gateway.store.find = async (collection, query) => {
      if (query.index === undefined) {
        reached.resolve()
        await gate.promise
      }
      return read(collection, query)
    }
    const slow = find('?eventId=placed-30')
    await reached.promise
    expect(await find('?eventId=hop-90')).toMatchObject({
      status: 503,
      retryAfter: '5',
      body: { code: 'MESH_OVERLOADED' },
    })
    expect(await find('?paymentReference=pi_1')).toMatchObject({ status: 200 })
    gate.resolve()
    expect(await slow).toMatchObject({ status: 200, body: { orders: ['EDX-1'] } })
    expect(await find('?eventId=hop-90')).toMatchObject({ status: 200 })
  })

  it('takes nothing from what POST does there', async () => {
    const response = await fetch(`${gateway.url}/v1/orders`, { method: 'DELETE' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD'])
  })
})
