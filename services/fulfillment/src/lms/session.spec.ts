import type { Pacer } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import type { Answer } from './answer.ts'
import type { Tokens } from './oauth2.ts'
import { createSession } from './session.ts'
import type { HttpRequest, Transport } from './transport.ts'
import { outage } from './verdict.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const ask = { operation: 'read-enrollment', method: 'GET', path: '/x' } as const
const call = (signal = new AbortController().signal) => ({ signal, traceparent })
const status = (code: number): Answer => ({ status: code, headers: {}, body: '' })

const scene = (answers: Answer[], pacer?: Pacer, apiKey?: string) => {
  const requests: HttpRequest[] = []
  const forgotten: string[] = []
  const transport: Transport = {
    send: async (request) => {
      requests.push(request)
      return answers[requests.length - 1] ?? status(200)
    },
    close: async () => undefined,
  }
  const tokens: Tokens = {
    authorization: async () => ({ verdict: 'known', value: `JWT t${forgotten.length + 1}` }),
    forget: (authorization) => void forgotten.push(authorization),
  }
  const parts = { transport, tokens, ...(pacer && { pacer }), ...(apiKey !== undefined && { apiKey }) }
  return { requests, forgotten, session: createSession(parts), parts }
}

describe('a call to the LMS', () => {
  it('carries token, trace and JSON', async () => {
    const { requests, session } = scene([])
    await session({ ...ask, json: { a: 1 } }, call())
    expect(requests).toEqual([
      {
        ...ask,
        body: '{"a":1}',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'commerce-mesh',
          authorization: 'JWT t1',
          traceparent,
        },
      },
    ])
  })

  it('carries the API key besides the token', async () => {
    const { requests, session } = scene([], undefined, 'key')
    await session(ask, call())
    expect(requests[0]?.headers).toMatchObject({ authorization: 'JWT t1', 'x-edx-api-key': 'key' })
  })

  it('is repeated once with a new token after a 401', async () => {
    const { requests, forgotten, session } = scene([status(401), status(200)])
    await expect(session(ask, call())).resolves.toEqual(status(200))
    expect(forgotten).toEqual(['JWT t1'])
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual(['JWT t1', 'JWT t2'])
  })

  it('is repeated only once', async () => {
    const { requests, session } = scene([status(401), status(401), status(200)])
    await expect(session(ask, call())).resolves.toEqual(status(401))
    expect(requests).toHaveLength(2)
  })

  it('waits its turn, the repeated one too', async () => {
    let passed = 0
    const { session } = scene([status(401)], { pass: async () => void passed++ })
    await session(ask, call())
    expect(passed).toBe(2)
  })

  it('is not made when its signal aborts while it waits its turn', async () => {
    const held: Pacer = {
      pass: (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    }
    const { requests, session } = scene([], held)
    const attempt = new AbortController()
    const asked = session(ask, call(attempt.signal))
    attempt.abort()
    await expect(asked).resolves.toMatchObject({
      verdict: 'transient',
      code: 'MESH_LMS_PACED',
      scope: 'record',
    })
    expect(requests).toEqual([])
  })

  it('is not made when its signal aborts while the token is fetched', async () => {
    const { requests, parts } = scene([])
    const slow: Tokens = { authorization: () => new Promise(() => undefined), forget: () => undefined }
    const attempt = new AbortController()
    const asked = createSession({ ...parts, tokens: slow })(ask, call(attempt.signal))
    attempt.abort()
    await expect(asked).resolves.toMatchObject({ code: 'MESH_HANDLER_DEADLINE', scope: 'record' })
    expect(requests).toEqual([])
  })

  it('is not made without a token', async () => {
    const { requests, parts } = scene([])
    const refused = outage('MESH_LMS_CLIENT_REFUSED', 'no')
    const tokens: Tokens = { authorization: async () => refused, forget: () => undefined }
    await expect(createSession({ ...parts, tokens })(ask, call())).resolves.toBe(refused)
    expect(requests).toEqual([])
  })
})
