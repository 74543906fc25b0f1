import { describe, expect, it } from '@jest/globals'
import type { Answer } from './answer.ts'
import { classifyToken, createTokens } from './oauth2.ts'
import type { HttpRequest, Transport } from './transport.ts'
import { outage, type Transient } from './verdict.ts'

const credentials = { clientId: 'mesh', clientSecret: 's&cret', tokenRefreshSeconds: 60 }
const answer = (status: number, body: unknown = '', headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** An LMS that answers in turn, and a clock. */
const scene = (...answers: (Answer | Transient)[]) => {
  const requests: HttpRequest[] = []
  const clock = { now: 0 }
  const transport: Transport = {
    send: async (request) => {
      requests.push(request)
      const issued = { access_token: `t${requests.length}`, expires_in: 3600, token_type: 'JWT' }
      return answers[requests.length - 1] ?? answer(200, issued)
    },
    close: async () => undefined,
  }
  return { requests, clock, tokens: createTokens(credentials, transport, () => clock.now) }
}

describe('the access token', () => {
  it('is asked for as interop section 2 says', async () => {
    const { requests, tokens } = scene()
    await expect(tokens.authorization()).resolves.toEqual({ verdict: 'known', value: 'JWT t1' })
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/oauth2/access_token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=mesh&client_secret=s%26cret&token_type=jwt',
      },
    ])
  })

  it('is fetched once for all who come at once', async () => {
    const { requests, tokens } = scene()
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.authorization()))
    expect(new Set(all.map((known) => JSON.stringify(known))).size).toBe(1)
    expect(requests).toHaveLength(1)
  })

  it('is kept until shortly before it expires', async () => {
    const { requests, clock, tokens } = scene()
    await tokens.authorization()
    clock.now = 3_539_999
    await tokens.authorization()
    expect(requests).toHaveLength(1)
    clock.now = 3_540_000
    await expect(tokens.authorization()).resolves.toMatchObject({ value: 'JWT t2' })
  })

  it('is kept for half its life where that is shorter than the lead', async () => {
    const { requests, clock, tokens } = scene(
      answer(200, { access_token: 'short', expires_in: 30, token_type: 'JWT' }),
    )
    await tokens.authorization()
    clock.now = 14_999
    await tokens.authorization()
    expect(requests).toHaveLength(1)
    clock.now = 15_000
    await tokens.authorization()
    expect(requests).toHaveLength(2)
  })

  it('goes as Bearer where it is opaque', async () => {
    const { tokens } = scene(answer(200, { access_token: 'opaque', expires_in: 60, token_type: 'Bearer' }))
    await expect(tokens.authorization()).resolves.toMatchObject({ value: 'Bearer opaque' })
  })

  it('is fetched anew once it was forgotten, but not for a late complaint about its forerunner', async () => {
    const { requests, tokens } = scene()
    await tokens.authorization()
    tokens.forget('JWT t1')
    await tokens.authorization()
    tokens.forget('JWT t1')
    await expect(tokens.authorization()).resolves.toMatchObject({ value: 'JWT t2' })
    expect(requests).toHaveLength(2)
  })

  it('is not asked for while the endpoint wants to be left alone', async () => {
    const { requests, clock, tokens } = scene(answer(403, '<h1>403 Forbidden</h1>'))
    await expect(tokens.authorization()).resolves.toMatchObject({
      code: 'MESH_LMS_TOKEN_LIMITED',
      afterMs: 30_000,
    })
    clock.now = 29_999
    await expect(tokens.authorization()).resolves.toMatchObject({ code: 'MESH_LMS_TOKEN_LIMITED' })
    expect(requests).toHaveLength(1)
    clock.now = 30_000
    await expect(tokens.authorization()).resolves.toMatchObject({ value: 'JWT t2' })
  })

  it('is asked for again at once after an outage', async () => {
    const { tokens } = scene(outage('MESH_LMS_UNAVAILABLE', 'No connection to the LMS (ECONNREFUSED).'))
    await expect(tokens.authorization()).resolves.toMatchObject({ code: 'MESH_LMS_UNAVAILABLE' })
    await expect(tokens.authorization()).resolves.toMatchObject({ value: 'JWT t2' })
  })
})

describe('an answer of the token endpoint', () => {
  it.each<[string, Answer, string, number | undefined]>([
    ['a wrong secret', answer(401, { error: 'invalid_client' }), 'CLIENT_REFUSED', 30_000],
    ['a wrong grant type', answer(400, { error: 'unauthorized_client' }), 'CLIENT_REFUSED', 30_000],
    ['the address’s rate limit', answer(403, '<h1>403 Forbidden</h1>'), 'TOKEN_LIMITED', 30_000],
    ['429 with a time', answer(429, '', { 'retry-after': '90' }), 'TOKEN_LIMITED', 90_000],
    ['no such endpoint', answer(404, '<h1>Not Found</h1>'), 'ANSWER_UNEXPECTED', undefined],
    ['404 in JSON', answer(404, { detail: 'Not found' }), 'ANSWER_UNEXPECTED', undefined],
    [
      '404 with the words of OAuth2',
      answer(404, { error: 'invalid_client' }),
      'ANSWER_UNEXPECTED',
      undefined,
    ],
    ['404 without a body', answer(404), 'ANSWER_UNEXPECTED', undefined],
    ['401 of a proxy', answer(401, 'Authorization required'), 'ANSWER_UNEXPECTED', undefined],
    ['400 of another API', answer(400, { error: 'bad path' }), 'ANSWER_UNEXPECTED', undefined],
    ['a redirect', answer(302), 'ANSWER_UNEXPECTED', undefined],
    [
      '200 with something else',
      answer(200, { access_token: '', expires_in: 1, token_type: 'JWT' }),
      'ANSWER_UNEXPECTED',
      undefined,
    ],
    ['200 with a page', answer(200, '<html>'), 'ANSWER_UNEXPECTED', undefined],
    ['503', answer(503, '', { 'retry-after': '5' }), 'UNAVAILABLE', 5_000],
    ['500', answer(500), 'UNAVAILABLE', undefined],
  ])('never burns an order: %s', (_row, given, code, afterMs) => {
    expect(classifyToken(given, 0)).toEqual({
      verdict: 'transient',
      scope: 'dependency',
      code: `MESH_LMS_${code}`,
      reason: expect.any(String),
      ...(afterMs !== undefined && { afterMs }),
    })
  })

  it.each([404, 405, 400, 200])('that is none names the status %i and the setting', (status) => {
    expect(classifyToken(answer(status, 'Not Found'), 0)).toMatchObject({
      code: 'MESH_LMS_ANSWER_UNEXPECTED',
      reason: expect.stringMatching(new RegExp(`${status}.*lms\\.url`)),
    })
  })
})
