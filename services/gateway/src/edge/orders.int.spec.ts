import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import { newApiKey } from '../auth/api-key.ts'
import { signDemoJwt } from '../auth/demo-jwt.ts'
import { initialOrderView } from '../order-view/index.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'

const LINE = {
  lineId: '1',
  kind: 'seat',
  courseId: 'course-v1:edX+DemoX+Demo_Course',
  mode: 'verified',
  price: 14_900,
}
const ORDER = {
  orderNumber: 'EDX-100001',
  placedAt: '2026-11-21T12:00:00Z',
  learner: { lmsUserId: 4, username: 'alice', email: 'alice@example.com' },
  currency: 'USD',
  total: 14_900,
  lines: [LINE],
  payment: { status: 'captured', provider: 'invoice', reference: 'INV-1' },
}
const SECRET = 'a-shared-secret-of-the-lms'

let gateway: Fixture

beforeEach(async () => {
  gateway = await openFixture({ jwt: { secret: SECRET } })
})

afterEach(() => gateway.close())

const post = (body: unknown = ORDER, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/v1/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.key('orders:write')}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const get = (number: string, authorization = `Bearer ${gateway.key('orders:write', 'orders:read')}`) =>
  fetch(`${gateway.url}/v1/orders/${number}`, { headers: { authorization } })

/** Publishing that is reached, and done when it is told to. */
const slowDisk = () => {
  const reached = Promise.withResolvers<void>()
  const written = Promise.withResolvers<void>()
  gateway.onPublish = () => {
    reached.resolve()
    return written.promise
  }
  return { reached: reached.promise, write: written.resolve }
}

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as {
    code: string
    status: number
    detail: string
    errors?: { path: string }[]
  }
}

describe('POST /v1/orders', () => {
  it('makes the order durable, then answers 202 with the event and where its status is', async () => {
    const response = await post()
    expect(response.status).toBe(202)
    const answer = (await response.json()) as { eventId: string }
    expect(answer).toEqual({
      orderNumber: 'EDX-100001',
      eventId: expect.any(String),
      links: { self: '/v1/orders/EDX-100001' },
    })
    expect(gateway.published).toEqual([
      {
        type: 'order.submitted.v1',
        data: { ...ORDER, submittedBy: 'orders-write', channel: 'orders' },
        id: answer.eventId,
        traceparent: expect.any(String),
      },
    ])
  })

  it('answers only after the order is durable', async () => {
    const disk = slowDisk()
    let answered = false
    const response = post().then((answer) => {
      answered = true
      return answer
    })
    await disk.reached
    await (await fetch(`${gateway.url}/healthz`)).text()
    expect(answered).toBe(false)
    disk.write()
    expect((await response).status).toBe(202)
  })

  it('answers 503 with Retry-After when the bus is down, and nothing was accepted', async () => {
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full'))
    const response = await post()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemOf(response)).toMatchObject({ code: 'MESH_BUS_UNAVAILABLE' })
    expect((await get('EDX-100001')).status).toBe(404)
  })

  it('makes the same event of a request that is sent again, and another of another', async () => {
    const ids = await Promise.all(
      [ORDER, ORDER, { ...ORDER, total: 1 }].map(
        async (order) => ((await (await post(order)).json()) as { eventId: string }).eventId,
      ),
    )
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
    expect(gateway.store.writes).toEqual([])
  })

  it('keeps the answer of a request with an Idempotency-Key', async () => {
    const key = { 'idempotency-key': '"7f0c"' }
    const first = await post(ORDER, key)
    const again = await post(JSON.stringify(ORDER, null, 2), key)
    expect([first.status, again.status]).toEqual([202, 202])
    expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ])
    expect(await again.text()).toBe(await first.text())
    expect(gateway.published).toHaveLength(1)
    expect(await problemOf(await post({ ...ORDER, total: 1 }, key))).toMatchObject({
      status: 422,
      code: 'MESH_IDEMPOTENCY_REUSED',
    })
    expect(await problemOf(await post(ORDER, { 'idempotency-key': '""' }))).toMatchObject({ status: 400 })
  })

  it('answers 409 with Retry-After while the first request with the key runs', async () => {
    const disk = slowDisk()
    const first = post(ORDER, { 'idempotency-key': 'k' })
    await disk.reached
    const second = await post(ORDER, { 'idempotency-key': 'k' })
    expect(second.headers.get('retry-after')).toBe('60')
    expect(await problemOf(second)).toMatchObject({ status: 409, code: 'MESH_IDEMPOTENCY_IN_FLIGHT' })
    disk.write()
    expect((await first).status).toBe(202)
  })

  it('keeps the caller’s trace and names it in the answer', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const traceparent = `00-${trace}-b7ad6b7169203331-01`
    const response = await post(ORDER, { traceparent })
    expect(response.headers.get('x-trace-id')).toBe(trace)
    // Nothing is recorded here, so that what follows hangs below the caller's span.
    expect(gateway.published[0]?.traceparent).toBe(traceparent)
    expect((await post(ORDER, { traceparent: 'nonsense' })).headers.get('x-trace-id')).toMatch(
      /^(?!0+$)[0-9a-f]{32}$/,
    )
  })

  it('refuses what breaks the contract with 422 and the fields', async () => {
    const problem = await problemOf(await post({ ...ORDER, totl: 1, lines: [{ ...LINE, price: null }] }))
    expect(problem).toMatchObject({ status: 422, code: 'MESH_REQUEST_INVALID' })
    expect(problem.errors).toContainEqual({ path: 'totl', message: "unknown field; did you mean 'total'?" })
    expect(problem.errors?.map(({ path }) => path)).toEqual(['lines.0.price', 'totl'])
    expect(await problemOf(await post({ ...ORDER, placedAt: '2026-11-23T12:00:00Z' }))).toMatchObject({
      status: 422,
      errors: [{ path: 'placedAt' }],
    })
    expect(gateway.published).toEqual([])
  })

  it('takes LMS staff, and refuses other LMS users', async () => {
    const token = (staff: boolean) =>
      signDemoJwt(SECRET, { username: 'worker', lmsUserId: 9, staff }, { now: gateway.time })
    expect((await post(ORDER, { authorization: `JWT ${await token(true)}` })).status).toBe(202)
    expect(gateway.published[0]?.data).toMatchObject({ submittedBy: 'lms:worker' })
    expect(await problemOf(await post(ORDER, { authorization: `JWT ${await token(false)}` }))).toMatchObject({
      status: 403,
      code: 'MESH_FORBIDDEN',
    })
  })

  it('counts what it accepted', async () => {
    await post()
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain(
      'mesh_accepted_total{type="order.submitted.v1",channel="orders"} 1',
    )
  })

  it('writes no personal data into its log', async () => {
    await post()
    await post({ ...ORDER, learner: { ...ORDER.learner, email: 'not-an-address-of-alice' } })
    gateway.onPublish = () => Promise.reject(new TypeError('alice@example.com'))
    expect((await post()).status).toBe(500)
    expect(gateway.logged.length).toBeGreaterThan(0)
    expect(JSON.stringify(gateway.logged)).not.toMatch(/alice/)
  })
})

describe('credentials', () => {
  it.each([undefined, 'Bearer mesh_unknown', 'Basic YTpi', `Bearer ${newApiKey().key}`, 'JWT a.b.c'])(
    '%j is 401 with a challenge',
    async (authorization) => {
      const response = await fetch(`${gateway.url}/v1/orders`, {
        method: 'POST',
        body: '{}',
        ...(authorization && { headers: { authorization } }),
      })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('JWT')
      expect(await problemOf(response)).toMatchObject({ code: 'MESH_UNAUTHENTICATED' })
    },
  )

  it('a key without the scope is 403 that names it', async () => {
    const problem = await problemOf(
      await post(ORDER, { authorization: `Bearer ${gateway.key('orders:read')}` }),
    )
    expect(problem).toMatchObject({ status: 403, code: 'MESH_FORBIDDEN' })
    expect(problem.detail).toContain("'orders:write'")
  })
})

describe('GET /v1/orders/{number}', () => {
  const both = () => ({ authorization: `Bearer ${gateway.key('orders:write', 'orders:read')}` })

  it('says submitted for an order that was accepted a moment ago', async () => {
    await post(ORDER, both())
    const response = await get('EDX-100001')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      orderNumber: 'EDX-100001',
      status: 'submitted',
      submittedBy: 'orders-write.orders-read',
      lines: [{ lineId: '1', state: 'submitted' }],
      timeline: [],
    })
  })

  it('answers what the projection has', async () => {
    const submission = { at: '2026-11-21T12:00:00.000Z', id: 'e1', by: 'orders-write.orders-read', lines: [] }
    gateway.views.set('EDX-7', { ...initialOrderView(), orderNumber: 'EDX-7', submission, captured: true })
    expect(await (await get('EDX-7')).json()).toMatchObject({ orderNumber: 'EDX-7', status: 'paid' })
  })

  it('answers 404 for what does not exist, what is no number, and what another caller handed in', async () => {
    await post()
    for (const number of ['EDX-9', 'a%20b', '-x', 'EDX-100001']) {
      expect(await problemOf(await get(number))).toMatchObject({ status: 404, code: 'MESH_ORDER_UNKNOWN' })
    }
  })

  it('shows every order to scope operate and to LMS staff', async () => {
    await post()
    const staff = await signDemoJwt(
      SECRET,
      { username: 'worker', lmsUserId: 9, staff: true },
      { now: gateway.time },
    )
    expect((await get('EDX-100001', `Bearer ${gateway.key('operate')}`)).status).toBe(200)
    expect((await get('EDX-100001', `JWT ${staff}`)).status).toBe(200)
  })

  it('refuses a caller that may only write', async () => {
    expect((await get('EDX-100001', `Bearer ${gateway.key('orders:write')}`)).status).toBe(403)
  })
})
