import { describe, expect, it } from '@jest/globals'
import { authenticate, requireUser, requireUserOrApiKey } from './auth.ts'
import { Tokens } from './tokens.ts'
import { completeUser } from './user.ts'

const tokens = new Tokens('secret')
const claims = { username: 'alice', issuedAt: 0, expiresAt: 3_600_000 }
const jwt = tokens.issueJwt(claims)
const opaque = tokens.issueOpaque(claims)

function enter(authorization: string | undefined, apiKey?: string, now = 3_599_999) {
  const account = (username: string) => completeUser({ username, id: 4 })
  return authenticate({ authorization, apiKey }, { apiKey: 'key', tokens, now, account })
}

describe('authenticate', () => {
  it.each([`JWT ${jwt}`, `jwt ${jwt}`, `Bearer ${opaque}`])(
    'knows the bearer of a good token (%#)',
    (authorization) => {
      expect(enter(authorization)).toMatchObject({ user: { username: 'alice' }, hasApiKey: false })
    },
  )

  it('makes an anonymous caller of no credentials and of an unknown scheme', () => {
    expect(enter(undefined)).toEqual({ user: null, hasApiKey: false })
    expect(enter('Basic eDp5', 'key')).toEqual({ user: null, hasApiKey: true })
    expect(enter(undefined, 'wrong')).toEqual({ user: null, hasApiKey: false })
  })

  it.each([
    ['JWT', 'No credentials provided'],
    [`JWT ${jwt} x`, 'should not contain spaces'],
    ['JWT nonsense', 'Error decoding token.'],
    [`JWT ${opaque}`, 'Error decoding token.'],
    [`Bearer ${jwt}`, 'does not match any valid tokens'],
  ])('refuses %#', (authorization, why) => {
    const answer = enter(authorization)
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'JWT realm="api"' } })
    expect('status' in answer && answer.body).toContain(why)
  })

  it.each([`JWT ${jwt}`, `Bearer ${opaque}`])(
    'refuses an expired token, even beside a right API key (%#)',
    (authorization) => {
      expect(enter(authorization, 'key', 3_600_000)).toMatchObject({ status: 401 })
    },
  )
})

describe('permissions', () => {
  it('the API key opens the enrollment API and nothing else', () => {
    const byKey = { user: null, hasApiKey: true }
    const nobody = { user: null, hasApiKey: false }
    expect(requireUserOrApiKey(byKey)).toBeNull()
    expect(requireUserOrApiKey(nobody)?.status).toBe(401)
    expect(requireUser(byKey)?.status).toBe(401)
  })
})
