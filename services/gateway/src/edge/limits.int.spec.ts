import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Fixture, openFixture } from './edge-fixture.ts'
import { hangUp, head, sendRaw } from './http-exchange.ts'

let gateway: Fixture

const open = async (options: Parameters<typeof openFixture>[0] = {}) => {
  gateway = await openFixture(options)
  return gateway
}

afterEach(() => gateway.close())

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/v1/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.key('orders:write')}`,
      ...headers,
    },
    body,
  })

const codeOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const { status, code, detail } = (await response.json()) as { status: number; code: string; detail: string }
  expect(status).toBe(response.status)
  return { status, code, detail }
}

describe('a body', () => {
  it.each([
    ['nothing', '', /empty/],
    ['half an object', '{"orderNumber":', /A value is expected at line 1 column 16/],
    ['a key twice', '{"total":1,"total":2}', /Key 'total' stands twice/],
    ['a key twice, deep', '{"lines":[{"price":1,"price":2}]}', /Key 'lines\.0\.price'/],
    ['deep nesting', '['.repeat(40) + ']'.repeat(40), /Nested deeper than 32 levels/],
    ['endless nesting', '['.repeat(100_000), /Nested deeper than 32 levels/],
    ['two values', '{}{}', /More text follows/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
  ])('of %s is 400', async (_what, body, detail) => {
    await open()
    expect(await codeOf(await post(body))).toEqual({
      status: 400,
      code: 'MESH_REQUEST_MALFORMED',
      detail: expect.stringMatching(detail),
    })
  })

  it('that is not UTF-8 is 400', async () => {
    await open()
    expect(await codeOf(await post(Buffer.from('7b22ff223a317d', 'hex')))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('not UTF-8, from byte 3 on'),
    })
  })

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/json; charset=iso-8859-1' }],
    [{ 'content-type': 'application/json; charset="utf-16"' }],
  ])('of %j is 415', async (headers) => {
    await open()
    expect(await codeOf(await post('{}', headers))).toMatchObject({ status: 415, code: 'MESH_MEDIA_TYPE' })
  })

  it('that is compressed is 415: nothing is unpacked', async () => {
    await open()
    const response = await post(gzipSync('{}'), { 'content-encoding': 'gzip' })
    expect(response.headers.get('accept-encoding')).toBe('identity')
    expect(await codeOf(response)).toMatchObject({ status: 415 })
  })

  it('in UTF-8 by any name is read', async () => {
    await open()
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
      expect(await codeOf(await post('{}', { 'content-type': type }))).toMatchObject({ status: 422 })
    }
  })

  it('of exactly the limit is read; one byte more is 413, announced or not', async () => {
    await open({ bodyLimitBytes: 2_048 })
    const exact = `{"a":"${'x'.repeat(2_048 - 8)}"}`
    expect(Buffer.byteLength(exact)).toBe(2_048)
    expect((await post(exact)).status).toBe(422)
    expect(await codeOf(await post(`${exact} `))).toMatchObject({
      status: 413,
      code: 'MESH_REQUEST_TOO_LARGE',
    })
    const chunked = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(Buffer.from(exact))
        controller.enqueue(Buffer.from(' '))
        controller.close()
      },
    })
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.key('orders:write')}`,
    }
    const response = await fetch(`${gateway.url}/v1/orders`, {
      method: 'POST',
      headers,
      body: chunked,
      duplex: 'half',
    } as RequestInit)
    expect(await codeOf(response)).toMatchObject({ status: 413 })
  })

  it('far beyond the limit is answered without reading it all, and the connection ends', async () => {
    await open({ bodyLimitBytes: 2_048 })
    const headers = {
      Authorization: `Bearer ${gateway.key('orders:write')}`,
      'Content-Type': 'application/json',
      'Content-Length': 50_000_000,
    }
    const { status, text } = await sendRaw(gateway.url, [
      head('POST /v1/orders', headers),
      'x'.repeat(100_000),
    ])
    expect(status).toBe(413)
    expect(text).toMatch(/connection: close/i)
  })

  it('that comes too slowly is 408, and the connection ends', async () => {
    await open({ requestTimeoutMs: 200, headersTimeoutMs: 100 })
    const headers = {
      Authorization: `Bearer ${gateway.key('orders:write')}`,
      'Content-Type': 'application/json',
      'Content-Length': 100,
    }
    const { status, text } = await sendRaw(gateway.url, [head('POST /v1/orders', headers), '{"orderNumber":'])
    expect(status).toBe(408)
    expect(text).toContain('MESH_REQUEST_TIMEOUT')
  })

  it('whose sender hangs up is nobody’s fault: nothing is logged as one', async () => {
    await open()
    const headers = {
      Authorization: `Bearer ${gateway.key('orders:write')}`,
      'Content-Length': 100,
      'Content-Type': 'application/json',
    }
    await hangUp(gateway.url, head('POST /v1/orders', { ...headers, Expect: '100-continue' }))
    const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text()
    while (!/status="499"\} 1/.test(await metrics())) await new Promise((resolve) => setImmediate(resolve))
    expect(gateway.logged.filter(({ level }) => level !== 'info')).toEqual([])
  })
})

describe('headers', () => {
  it('that come too slowly are 408', async () => {
    await open({ headersTimeoutMs: 100 })
    const { status } = await sendRaw(gateway.url, ['POST /v1/orders HTTP/1.1\r\nHost: mesh\r\n'])
    expect(status).toBe(408)
  })

  it('that are too large are 431', async () => {
    await open()
    expect((await sendRaw(gateway.url, [head('GET /', { 'X-Long': 'x'.repeat(20_000) })])).status).toBe(431)
  })

  it('that are no HTTP are 400', async () => {
    await open()
    const { status, text } = await sendRaw(gateway.url, ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'])
    expect(status).toBe(400)
    expect(text).toContain('MESH_REQUEST_MALFORMED')
  })
})

describe('a path', () => {
  it.each(['/v1/order', '/V1/orders', '/v1/orders/EDX-1/lines', '/.env'])(
    '%s that does not exist is 404',
    async (path) => {
      await open()
      expect(await codeOf(await fetch(gateway.url + path))).toMatchObject({
        status: 404,
        code: 'MESH_ROUTE_UNKNOWN',
      })
    },
  )

  it.each([
    ['DELETE', '/v1/orders', 'POST, GET, HEAD'],
    ['GET', '/v1/events', 'POST'],
    ['PUT', '/v1/orders/EDX-1', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/v1/orders', 'POST, GET, HEAD'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    await open()
    const response = await fetch(gateway.url + path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    expect(await codeOf(response)).toMatchObject({ status: 405, code: 'MESH_METHOD_NOT_ALLOWED' })
  })

  it('that is not properly encoded is 400', async () => {
    await open()
    expect(await codeOf(await fetch(`${gateway.url}/v1/orders/%E0%A4%A`))).toMatchObject({ status: 400 })
  })
})

describe('a caller that is too fast', () => {
  it('is 429 with Retry-After; another caller is not', async () => {
    await open({ rateLimit: { perSecond: 0.01, burst: 2 } })
    const answers = [await post('{}'), await post('{}'), await post('{}')]
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 429])
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(90)
    expect((await post('{}', { authorization: `Bearer ${gateway.key('operate')}` })).status).toBe(403)
  })
})

describe('every answer', () => {
  it('tells nothing of the software and is neither cached nor sniffed', async () => {
    await open()
    for (const path of ['/', '/healthz', '/nowhere']) {
      const { headers } = await fetch(gateway.url + path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-trace-id': expect.any(String),
      })
      expect(headers.has('x-powered-by')).toBe(false)
      expect(headers.has('etag')).toBe(false)
    }
  })

  it('to HEAD has headers and no body', async () => {
    await open()
    const response = await fetch(`${gateway.url}/healthz`, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})
