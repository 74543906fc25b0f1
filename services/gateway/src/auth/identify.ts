import { hash } from 'node:crypto'
import type { RateLimiter } from '../rate/rate-limiter.ts'
import { type FindCaller, KEY_PREFIX, hashKey } from './api-key.ts'
import type { Caller } from './caller.ts'
import { createIdentityCache } from './identity-cache.ts'
import type { VerifyJwt } from './jwt.ts'
import { callerOfClaims } from './lms-user.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** How long a key of the store is believed: a revoked one works that much longer. */
const KEY_MS = 5_000
/** How long a checked token is not checked again; never beyond its own end. */
const TOKEN_MS = 60_000

/** RFC 9110 section 11.4, and the LMS's own scheme `JWT`. */
const HEADER = /^(bearer|jwt) +([A-Za-z0-9._~+/=-]+)$/i

/** Who sends a request, from its Authorization header and the address of the connection. @throws Unauthenticated, or Refusal 429 */
export type Identify = (authorization: string | undefined, address: string) => Caller | Promise<Caller>

/** What {@link createIdentify} needs. */
export type IdentifyParts = {
  readonly configured: ReadonlyMap<string, Caller>
  readonly findCaller: FindCaller
  readonly verifyJwt: VerifyJwt
  /** Slows down addresses that try unknown keys, each of which costs a read of the store. */
  readonly unknownKeys: RateLimiter
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const createKeyCheck = ({ configured, findCaller, unknownKeys, now }: IdentifyParts) => {
  const cache = createIdentityCache<Caller>()
  const lookUp = async (keyHash: string, address: string) => {
    if (!cache.had(keyHash)) unknownKeys.take(address)
    const caller = await findCaller(keyHash)
    if (caller === undefined) {
      cache.delete(keyHash)
      throw new Unauthenticated('invalid')
    }
    cache.set(keyHash, caller, now() + KEY_MS)
    return caller
  }
  return (key: string, address: string): Caller | Promise<Caller> => {
    const keyHash = hashKey(key)
    return configured.get(keyHash) ?? cache.get(keyHash, now()) ?? lookUp(keyHash, address)
  }
}

const createTokenCheck = ({ verifyJwt, now }: IdentifyParts) => {
  const cache = createIdentityCache<Caller>()
  const check = async (token: string, id: string) => {
    const claims = await verifyJwt(token)
    const caller = callerOfClaims(claims)
    cache.set(id, caller, Math.min(now() + TOKEN_MS, (claims.exp ?? 0) * 1_000))
    return caller
  }
  return (token: string): Caller | Promise<Caller> => {
    const id = hash('sha256', token, 'hex')
    return cache.get(id, now()) ?? check(token, id)
  }
}

/** Makes the check of credentials. Known callers are answered without a promise: the hot path has no hop here. */
export const createIdentify = (parts: IdentifyParts): Identify => {
  const callerOfKey = createKeyCheck(parts)
  const callerOfToken = createTokenCheck(parts)
  return (authorization, address) => {
    if (authorization === undefined || authorization === '') throw new Unauthenticated('missing')
    const credentials = HEADER.exec(authorization)?.[2]
    if (credentials === undefined) throw new Unauthenticated('malformed')
    return credentials.startsWith(KEY_PREFIX) ? callerOfKey(credentials, address) : callerOfToken(credentials)
  }
}
