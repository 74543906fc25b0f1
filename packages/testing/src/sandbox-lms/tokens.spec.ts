import { describe, expect, it } from '@jest/globals'
import { readSandboxToken, signSandboxToken, Tokens } from './tokens.ts'

const claims = { username: 'alice', issuedAt: 1_000_000, expiresAt: 4_600_000 }

describe('signSandboxToken', () => {
  it('makes a JWT whose claims anyone can read', () => {
    const [head = '', payload = ''] = signSandboxToken(claims, 'secret').split('.')
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' })
    const read: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(read).toMatchObject({ preferred_username: 'alice', iat: 1000, exp: 4600 })
  })

  it('is read back under the same secret only', () => {
    const token = signSandboxToken(claims, 'secret')
    expect(readSandboxToken(token, 'secret')).toEqual({ username: 'alice', expiresAt: 4_600_000 })
    expect(readSandboxToken(token, 'other')).toBeNull()
  })

  it.each(['', 'x', 'a.b.c', 'a.b.c.d', '..'])('is not read from %j', (token) => {
    expect(readSandboxToken(token, 'secret')).toBeNull()
  })

  it('is not read after a change of its claims', () => {
    const [head, , signature] = signSandboxToken(claims, 'secret').split('.')
    const forged = Buffer.from('{"preferred_username":"staff","exp":9999}').toString('base64url')
    expect(readSandboxToken(`${head}.${forged}.${signature}`, 'secret')).toBeNull()
  })
})

describe('Tokens', () => {
  it('keeps opaque tokens and JWTs apart', () => {
    const tokens = new Tokens('secret')
    const opaque = tokens.issueOpaque(claims)
    const jwt = tokens.issueJwt(claims)
    expect(tokens.bearerOfOpaque(opaque)?.username).toBe('alice')
    expect(tokens.bearerOfJwt(jwt)?.username).toBe('alice')
    expect(tokens.bearerOfJwt(opaque)).toBeNull()
    expect(tokens.bearerOfOpaque(jwt)).toBeNull()
  })
})
