import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose'
import { gatewayOptions } from '../options.ts'
import { signDemoJwt } from './demo-jwt.ts'
import { createJwtVerifier } from './jwt.ts'
import { Unauthenticated } from './unauthenticated.ts'

const SECRET = 'a-shared-secret-of-the-lms'
const NOW = Date.parse('2026-11-21T12:00:00Z')
const ALICE = { username: 'alice', lmsUserId: 4, staff: true }

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>
let lms: KeyPair
let other: KeyPair
let jwk: JWK
let otherJwk: JWK

beforeAll(async () => {
  lms = await generateKeyPair('RS512', { extractable: true })
  other = await generateKeyPair('RS512', { extractable: true })
  jwk = { ...(await exportJWK(lms.publicKey)), kid: 'lms-2026' }
  otherJwk = { ...(await exportJWK(other.publicKey)), kid: 'lms-2025' }
})

const verifier = (jwt: Record<string, unknown>) =>
  createJwtVerifier(gatewayOptions.parse({ jwt }).jwt, () => NOW)

const faultOf = async (work: Promise<unknown>) => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof Unauthenticated) return thrown.fault
  if (thrown !== undefined) throw thrown
  return undefined
}

const rs512 = (key: KeyPair['privateKey'], header: Record<string, string> = {}) =>
  new SignJWT({ preferred_username: 'alice', administrator: true })
    .setProtectedHeader({ alg: 'RS512', ...header })
    .setExpirationTime(NOW / 1_000 + 60)
    .sign(key)

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('an HS256 token', () => {
  it('is taken with the shared secret', async () => {
    const claims = await verifier({ secret: SECRET })(await signDemoJwt(SECRET, ALICE, { now: NOW }))
    expect(claims).toMatchObject({
      preferred_username: 'alice',
      user_id: 4,
      administrator: true,
      exp: NOW / 1_000 + 3_600,
    })
  })

  it('is refused with another secret, when it was changed, and without a secret', async () => {
    const token = await signDemoJwt(SECRET, ALICE, { now: NOW })
    const [head, , signature] = token.split('.')
    const changed = `${head}.${base64({ preferred_username: 'root', administrator: true, exp: NOW })}.${signature}`
    expect(await faultOf(verifier({ secret: `${SECRET}!` })(token))).toBe('invalid')
    expect(await faultOf(verifier({ secret: SECRET })(changed))).toBe('invalid')
    expect(await faultOf(verifier({})(token))).toBe('invalid')
  })

  it('is refused once it has expired, 5 s of leeway apart, and when it never expires', async () => {
    const verify = verifier({ secret: SECRET })
    expect(
      await faultOf(verify(await signDemoJwt(SECRET, ALICE, { now: NOW - 64_000, lifetimeSeconds: 60 }))),
    ).toBeUndefined()
    expect(
      await faultOf(verify(await signDemoJwt(SECRET, ALICE, { now: NOW - 66_000, lifetimeSeconds: 60 }))),
    ).toBe('expired')
    const eternal = await new SignJWT({ preferred_username: 'alice' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(SECRET))
    expect(await faultOf(verify(eternal))).toBe('invalid')
  })

  it('must come from the issuer and be meant for the audience that are configured', async () => {
    const verify = verifier({ secret: SECRET, issuer: 'http://lms/oauth2', audience: 'openedx' })
    const sign = (issuer: string, audience: string) =>
      signDemoJwt(SECRET, ALICE, { now: NOW, issuer, audience })
    expect(await faultOf(verify(await sign('http://lms/oauth2', 'openedx')))).toBeUndefined()
    expect(await faultOf(verify(await sign('http://evil/oauth2', 'openedx')))).toBe('invalid')
    expect(await faultOf(verify(await sign('http://lms/oauth2', 'other')))).toBe('invalid')
    expect(await faultOf(verify(await signDemoJwt(SECRET, ALICE, { now: NOW })))).toBe('invalid')
  })
})

describe('an RS512 token', () => {
  it('is taken with the LMS’s key set, with and without a key id', async () => {
    const verify = verifier({ jwks: { keys: [otherJwk, jwk] } })
    expect(await verify(await rs512(lms.privateKey, { kid: 'lms-2026' }))).toMatchObject({
      preferred_username: 'alice',
    })
    expect(await verify(await rs512(lms.privateKey))).toMatchObject({ preferred_username: 'alice' })
  })

  it('is refused when no key of the set signed it', async () => {
    const token = await rs512(other.privateKey)
    expect(await faultOf(verifier({ jwks: { keys: [jwk] } })(token))).toBe('invalid')
    expect(await faultOf(verifier({ jwks: { keys: [jwk, { ...jwk, kid: 'twin' }] } })(token))).toBe('invalid')
    expect(
      await faultOf(verifier({ jwks: { keys: [jwk] } })(await rs512(lms.privateKey, { kid: 'unknown' }))),
    ).toBe('invalid')
  })

  it('is refused where only a secret is configured', async () => {
    expect(await faultOf(verifier({ secret: SECRET })(await rs512(lms.privateKey)))).toBe('invalid')
  })
})

describe('tricks with the algorithm', () => {
  it('does not take the public key as a shared secret', async () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    })
    const verify = verifier({ jwks: { keys: [jwk] }, secret: SECRET })
    for (const secret of [String(pem), JSON.stringify(jwk), jwk.n ?? '']) {
      expect(await faultOf(verify(await signDemoJwt(secret, ALICE, { now: NOW })))).toBe('invalid')
    }
  })

  it.each(['none', 'None', 'HS512', 'RS256', 'ES256', 'PS512'])('refuses alg %s', async (alg) => {
    const verify = verifier({ jwks: { keys: [jwk] }, secret: SECRET })
    const token = `${base64({ alg })}.${base64({ preferred_username: 'alice', administrator: true, exp: NOW / 1_000 + 60 })}.`
    expect(await faultOf(verify(token))).toBe('invalid')
    expect(await faultOf(verify(`${token}AAAA`))).toBe('invalid')
  })

  it('refuses HS512 even when it is signed with the right secret', async () => {
    const token = await new SignJWT({ preferred_username: 'alice' })
      .setProtectedHeader({ alg: 'HS512' })
      .setExpirationTime(NOW / 1_000 + 60)
      .sign(Buffer.from(SECRET.repeat(4)))
    expect(await faultOf(verifier({ secret: SECRET.repeat(4) })(token))).toBe('invalid')
  })

  it.each(['', 'x', 'a.b', 'a.b.c', '..', '{}'])('calls %j unreadable', async (token) => {
    expect(await faultOf(verifier({ secret: SECRET })(token))).toBe('unreadable')
  })
})
