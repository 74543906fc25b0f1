import { MeshError, type SpanEnd, type Tracer, silentTracer } from '@commerce-mesh/mesh'
import { eventually } from '@commerce-mesh/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Fixture, openFixture } from './edge-fixture.ts'
import { hangUp, head } from './http-exchange.ts'

type Seen = { kind: string; name: string; parent: string | undefined; attributes: unknown; ending?: SpanEnd }

let gateway: Fixture
let seen: Seen[]

/** A tracer that keeps nothing but what it was told. */
const listening: Tracer = {
  ...silentTracer,
  start: (kind, name, start) => {
    const { parent, attributes } = start
    const span: Seen = { kind, name, parent, attributes: attributes?.() }
    seen.push(span)
    return {
      ...silentTracer.start(kind, name, start),
      end: (ending = {}) => {
        span.ending = ending
      },
    }
  },
}

beforeEach(async () => {
  seen = []
  gateway = await openFixture({}, listening)
})
afterEach(() => gateway.close())

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const read = (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers })

describe('the span of a request', () => {
  it('names the route and never the path, goes on from the caller’s, and ends with the status', async () => {
    const authorization = `Bearer ${gateway.key('orders:read')}`
    await read('/v1/orders/EDX-9?marker=a@example.org', { authorization, traceparent: PARENT })
    expect(seen).toEqual([
      {
        kind: 'server',
        name: 'GET /v1/orders/{number}',
        parent: PARENT,
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/v1/orders/{number}',
          'url.scheme': 'http',
          'server.address': '127.0.0.1',
          'server.port': Number(new URL(gateway.url).port),
        },
        // A caller's mistake is no failure of the gateway.
        ending: { attributes: { 'http.response.status_code': 404 } },
      },
    ])
  })

  it('is there for callers who are refused, too', async () => {
    await read('/v1/orders/EDX-9')
    expect(seen).toMatchObject([{ ending: { attributes: { 'http.response.status_code': 401 } } }])
  })

  it('fails where the gateway does', async () => {
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'The disk is out.'))
    const line = { lineId: '1', kind: 'seat', courseId: 'course-v1:edX+DemoX+Demo_Course', mode: 'audit' }
    const order = {
      orderNumber: 'EDX-1',
      placedAt: '2026-11-21T12:00:00Z',
      learner: { username: 'ann' },
      currency: 'USD',
      total: 100,
      lines: [{ ...line, price: 100 }],
      payment: { status: 'captured', provider: 'invoice', reference: 'INV-1' },
    }
    const response = await fetch(`${gateway.url}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key('orders:write')}`, 'content-type': 'application/json' },
      body: JSON.stringify(order),
    })
    expect(response.status).toBe(503)
    const ending = { error: '503', attributes: { 'http.response.status_code': 503 } }
    expect(seen).toMatchObject([{ name: 'POST /v1/orders', ending }])
  })

  it('ends also when the caller has gone', async () => {
    const text = head('POST /v1/orders', {
      Authorization: `Bearer ${gateway.key('orders:write')}`,
      'Content-Type': 'application/json',
      'Content-Length': 100,
      Expect: '100-continue',
    })
    await hangUp(gateway.url, text)
    await eventually(() => seen[0]?.ending)
    expect(seen).toMatchObject([{ name: 'POST /v1/orders', ending: { error: 'CallerGone' } }])
  })

  it('is not made for probes and scrapers', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
      const response = await read(path, { traceparent: PARENT })
      expect(response.headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c')
    }
    expect(seen).toEqual([])
  })
})
