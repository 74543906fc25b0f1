import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics, silentTracer, type SpanEnd, type Tracer } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { createTransport } from './transport.ts'

const ask = { operation: 'read-enrollment', method: 'GET', path: '/x?y=1', headers: {} } as const
const never = () => new AbortController().signal

/** A server of this test's own, which counts its connections. */
const withServer = async (
  listener: RequestListener,
  path: string,
  test: (scene: {
    transport: ReturnType<typeof createTransport>
    connections: () => number
  }) => Promise<void>,
  tracer: Tracer = silentTracer,
) => {
  let connections = 0
  const server = createServer(listener).on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const transport = createTransport({ url, connections: 2, requestTimeoutMs: 5_000 }, createMetrics(), tracer)
  try {
    await test({ transport, connections: () => connections })
  } finally {
    await transport.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('the transport', () => {
  it('keeps its connections, and has no more than it may', () =>
    withServer(
      (_request, response) => response.end('{}'),
      '',
      async ({ transport, connections }) => {
        for (let round = 0; round < 20; round++) await transport.send(ask, never())
        expect(connections()).toBeLessThanOrEqual(2)
        await Promise.all(Array.from({ length: 20 }, () => transport.send(ask, never())))
        expect(connections()).toBe(2)
      },
    ))

  it('puts the path of the address in front, and gives headers back in lower case', () =>
    withServer(
      (request, response) =>
        response.writeHead(418, { 'Retry-After': '3', 'Set-Cookie': ['a=1', 'b=2'] }).end(request.url),
      '/lms/',
      async ({ transport }) => {
        await expect(transport.send(ask, never())).resolves.toMatchObject({
          status: 418,
          body: '/lms/x?y=1',
          headers: { 'retry-after': '3', 'set-cookie': 'a=1' },
        })
      },
    ))

  it('reads 1 MiB of an answer, and not a byte more', () =>
    withServer(
      (request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))),
      '',
      async ({ transport }) => {
        const whole = await transport.send({ ...ask, path: '/1048576' }, never())
        expect(whole).toMatchObject({ status: 200 })
        await expect(transport.send({ ...ask, path: '/1048577' }, never())).resolves.toMatchObject({
          verdict: 'transient',
          code: 'MESH_LMS_ANSWER_UNEXPECTED',
          scope: 'record',
        })
      },
    ))

  it('calls an answer that breaks off an outage', () =>
    withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"mode":', () => response.destroy())
      },
      '',
      async ({ transport }) => {
        await expect(transport.send(ask, never())).resolves.toMatchObject({
          code: 'MESH_LMS_UNAVAILABLE',
          scope: 'dependency',
        })
      },
    ))

  it('makes a span of each call, which the LMS is told of, without what the call is about', async () => {
    const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const seen: { name: string; parent: string | undefined; attributes: unknown; ending?: SpanEnd }[] = []
    const tracer: Tracer = {
      ...silentTracer,
      start: (kind, name, { parent, attributes }) => {
        const span: (typeof seen)[number] = { name: `${kind} ${name}`, parent, attributes: attributes?.() }
        seen.push(span)
        const end = (ending: SpanEnd = {}) => void (span.ending = ending)
        return { ...silentTracer.start(kind, name, {}), traceparent: own, end }
      },
    }
    const told: unknown[] = []
    await withServer(
      (request, response) => {
        told.push(request.headers['traceparent'])
        if (request.url?.includes('break')) response.destroy()
        else response.writeHead(request.url?.includes('ann') ? 404 : 200).end('{}')
      },
      '/lms',
      async ({ transport }) => {
        const headers = { traceparent: 'the-attempt' }
        await transport.send({ ...ask, path: '/ann?email=a@example.org', headers }, never())
        await transport.send({ ...ask, operation: 'token', method: 'POST', path: '/oauth2' }, never())
        await transport.send({ ...ask, path: '/break', headers }, never())
      },
      tracer,
    )
    expect(told).toEqual([own, own, own])
    expect(seen.map(({ name, parent, ending }) => ({ name, parent, ending }))).toEqual([
      {
        name: 'client GET /api/enrollment/v1/enrollment/{username},{course_id}',
        parent: 'the-attempt',
        ending: { attributes: { 'http.response.status_code': 404 }, error: '404' },
      },
      {
        name: 'client POST /oauth2/access_token',
        parent: undefined,
        ending: { attributes: { 'http.response.status_code': 200 } },
      },
      {
        name: 'client GET /api/enrollment/v1/enrollment/{username},{course_id}',
        parent: 'the-attempt',
        ending: { error: 'MESH_LMS_UNAVAILABLE' },
      },
    ])
    expect(JSON.stringify(seen)).not.toMatch(/ann|example/)
    expect(seen[0]?.attributes).toMatchObject({
      'url.template': '/lms/api/enrollment/v1/enrollment/{username},{course_id}',
      'server.address': '127.0.0.1',
    })
  })
})
