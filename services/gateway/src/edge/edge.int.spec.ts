import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { isMeshError } from '@commerce-mesh/mesh'
import { gatewayOptions } from '../options.ts'
import { type Edge, createEdge } from './edge.ts'
import { openFixture } from './edge-fixture.ts'
import { head, sendRaw } from './http-exchange.ts'

const opened: Edge[] = []
let neighbour: Server | undefined

const make = (listener: Parameters<typeof createEdge>[0], options: Record<string, unknown> = {}) => {
  const edge = createEdge(listener, gatewayOptions.parse({ port: 0, ...options }))
  opened.push(edge)
  return edge
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((edge) => edge.close()))
  neighbour?.close()
  neighbour = undefined
})

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

describe('opening', () => {
  it('says in a sentence that the port is taken', async () => {
    neighbour = createServer()
    await new Promise<void>((resolve) => neighbour?.listen(0, '127.0.0.1', resolve))
    const { port } = neighbour.address() as AddressInfo
    const thrown = await failure(make(() => {}, { port }).open())
    expect(isMeshError(thrown, 'MESH_PORT_TAKEN')).toBe(true)
    expect(thrown).toHaveProperty(
      'message',
      `Port ${port} on 127.0.0.1 is taken: another process listens there.`,
    )
  })

  it('says that an address is not one of this machine', async () => {
    const thrown = await failure(make(() => {}, { host: '203.0.113.1' }).open())
    expect(isMeshError(thrown, 'MESH_CONFIG_INVALID')).toBe(true)
  })

  it('tells where it listens', async () => {
    const edge = make((_request, response) => response.end('here'))
    expect(edge.url()).toBeUndefined()
    await edge.open()
    expect(await (await fetch(edge.url() ?? '')).text()).toBe('here')
  })
})

describe('closing', () => {
  const held = (options: Record<string, unknown> = {}) => {
    const arrived = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const edge = make((_request, response) => {
      arrived.resolve()
      void finish.promise.then(() => response.end('done'))
    }, options)
    return { edge, arrived: arrived.promise, finish: finish.resolve }
  }

  it('lets a running request finish, takes no new one, and ends kept connections', async () => {
    const { edge, arrived, finish } = held()
    await edge.open()
    const url = edge.url() ?? ''
    const running = sendRaw(url, [head('GET /', { Connection: 'keep-alive' })])
    await arrived
    const closed = edge.close()
    expect(await failure(fetch(url))).toBeDefined()
    finish()
    expect((await running).text).toContain('done')
    await closed
  })

  it('does not wait longer than the grace time', async () => {
    const { edge, arrived } = held({ graceMs: 50 })
    await edge.open()
    const running = sendRaw(edge.url() ?? '', [head('GET /', {})])
    await arrived
    await edge.close()
    expect((await running).status).toBe(0)
  })

  it('does nothing when it never opened, or twice', async () => {
    const edge = make(() => {})
    await edge.close()
    await edge.open()
    await edge.close()
    await edge.close()
  })
})

describe('a gateway that stops', () => {
  it('ends connections with the answers that are still given', async () => {
    const gateway = await openFixture()
    const reached = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    gateway.onPublish = () => {
      reached.resolve()
      return written.promise
    }
    const body = JSON.stringify({
      orderNumber: 'EDX-1',
      placedAt: '2026-11-21T12:00:00Z',
      learner: { lmsUserId: 4 },
      currency: 'USD',
      total: 1,
      lines: [{ lineId: '1', kind: 'seat', courseId: 'course-v1:a+b+c', mode: 'verified', price: 1 }],
      payment: { status: 'captured', provider: 'invoice' },
    })
    const headers = {
      Authorization: `Bearer ${gateway.key('orders:write')}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    }
    const running = sendRaw(gateway.url, [head('POST /v1/orders', headers), body])
    await reached.promise
    const closed = gateway.close()
    expect((await gateway.context.health.readiness()).problems).toEqual({ edge: 'the gateway is stopping' })
    written.resolve()
    const { status, text } = await running
    expect([status, /connection: close/i.test(text)]).toEqual([202, true])
    await closed
  })
})

describe('health', () => {
  it('is alive whatever the engines do, and ready only when all is well', async () => {
    const gateway = await openFixture()
    const ask = async (path: string) => {
      const response = await fetch(gateway.url + path)
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: (await response.json()) as unknown,
      }
    }
    expect(await ask('/readyz')).toEqual({
      status: 200,
      retryAfter: null,
      body: { ready: true, problems: {} },
    })
    gateway.context.health.check('bus', () => 'the disk is full')
    expect(await ask('/readyz')).toEqual({
      status: 503,
      retryAfter: '5',
      body: { ready: false, problems: { bus: 'the disk is full' } },
    })
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
    expect((await ask('/')).body).toHaveProperty(['links', 'openapi'], '/openapi.json')
    await gateway.close()
  })
})
