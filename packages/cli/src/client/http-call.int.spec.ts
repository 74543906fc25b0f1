import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it, jest } from '@jest/globals'
import { callJson } from './http-call.ts'
import { httpClient } from './http-client.ts'

let answer = { status: 200, body: '{}' }
const seen: { method: string | undefined; url: string | undefined; authorization: string | undefined }[] = []
const server = createServer((request, response) => {
  seen.push({ method: request.method, url: request.url, authorization: request.headers.authorization })
  response.writeHead(answer.status).end(answer.body)
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const endpoint = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'mesh_k' }
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const asks = (status: number, body: unknown) => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
  return callJson(endpoint, { path: '/x' })
}

describe('callJson', () => {
  it('sends the key and gives the JSON', async () => {
    expect(await asks(200, { a: 1 })).toEqual({ a: 1 })
    expect(seen.at(-1)).toEqual({ method: 'GET', url: '/x', authorization: 'Bearer mesh_k' })
  })

  it('throws what a problem document says, with the fields', async () => {
    const problem = {
      code: 'MESH_REQUEST_INVALID',
      detail: 'Two fields are wrong.',
      errors: [{ path: 'total', message: 'must be an integer' }],
    }
    await expect(asks(422, problem)).rejects.toMatchObject({
      code: 'MESH_REQUEST_INVALID',
      message: 'Two fields are wrong.\n  total: must be an integer',
    })
  })

  it.each([
    [404, '<html>'],
    [500, '{"code":"SOMETHING_ELSE"}'],
    [200, 'hello'],
    [302, ''],
  ])('knows that %i %j is no mesh', async (status, body) => {
    await expect(asks(status, body)).rejects.toMatchObject({
      code: 'MESH_GATEWAY_UNREACHABLE',
      message: expect.stringContaining('is no mesh'),
    })
  })

  it('says where nobody answers', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`
    gone.close()
    await once(gone, 'close')
    await expect(callJson({ url }, { path: '/' })).rejects.toMatchObject({
      code: 'MESH_GATEWAY_UNREACHABLE',
      message: `No mesh answers at ${url} (ECONNREFUSED).`,
    })
  })

  it('does not wait for ever', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    await expect(callJson({ url, timeoutMs: 50 }, { path: '/' })).rejects.toMatchObject({
      code: 'MESH_GATEWAY_UNREACHABLE',
      message: `No answer came from ${url} within 0.05 s; what was asked for may still go on there.`,
      action: expect.stringContaining('Ask again later'),
    })
    silent.closeAllConnections()
    silent.close()
  })
})

describe('httpClient', () => {
  it('answers undefined for an order that nobody knows, and throws everything else', async () => {
    answer = { status: 404, body: JSON.stringify({ code: 'MESH_ORDER_UNKNOWN', detail: 'No order.' }) }
    expect(await httpClient(endpoint).order('EDX/1')).toBeUndefined()
    expect(seen.at(-1)?.url).toBe('/v1/orders/EDX%2F1')
    answer = { status: 401, body: JSON.stringify({ code: 'MESH_UNAUTHENTICATED', detail: 'No.' }) }
    await expect(httpClient(endpoint).order('EDX-1')).rejects.toMatchObject({ code: 'MESH_UNAUTHENTICATED' })
  })

  it('asks for a key of that mesh where none was sent', async () => {
    answer = { status: 401, body: JSON.stringify({ code: 'MESH_UNAUTHENTICATED', detail: 'No.' }) }
    await expect(callJson({ url: endpoint.url }, { path: '/v1/audit' })).rejects.toMatchObject({
      action: expect.stringContaining('--key or MESH_API_KEY'),
    })
    expect(seen.at(-1)?.authorization).toBeUndefined()
    await expect(callJson(endpoint, { path: '/v1/audit' })).rejects.toMatchObject({
      action: expect.not.stringContaining('--key'),
    })
  })

  it('gives the notes of readiness, ready or not, and none where there are none', async () => {
    answer = { status: 503, body: '{"ready":false,"problems":{},"notes":{"fulfillment":"held back"}}' }
    expect(await httpClient(endpoint).notes()).toEqual({ fulfillment: 'held back' })
    for (const body of ['{"ready":true,"problems":{}}', '<html>', 'null']) {
      answer = { status: 200, body }
      expect(await httpClient(endpoint).notes()).toEqual({})
    }
  })

  it('gives an audit and a search ten minutes, and everything else thirty seconds', async () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout')
    answer = { status: 200, body: '{"deadLetters":[]}' }
    await httpClient(endpoint).audit()
    await httpClient(endpoint).findOrders({ eventId: 'e-1' })
    await httpClient(endpoint).deadLetters({})
    expect(timeout.mock.calls).toEqual([[600_000], [600_000], [30_000]])
    timeout.mockRestore()
  })

  it('asks for orders by what is known of them', async () => {
    answer = { status: 200, body: '{"by":"paymentReference","orders":["EDX-1"]}' }
    expect(await httpClient(endpoint).findOrders({ paymentReference: 'pi_1', eventId: 'pi 1' })).toEqual({
      by: 'paymentReference',
      orders: ['EDX-1'],
    })
    expect(seen.at(-1)?.url).toBe('/v1/orders?paymentReference=pi_1&eventId=pi+1')
  })

  it('asks for dead letters by filter', async () => {
    answer = { status: 200, body: '{"deadLetters":[]}' }
    await httpClient(endpoint).deadLetters({ class: 'poison', key: 'a b', limit: 5 })
    expect(seen.at(-1)?.url).toBe('/v1/dead-letters?class=poison&key=a+b&limit=5')
  })
})
