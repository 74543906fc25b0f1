import {
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from 'jose'
import type { GatewayOptions } from '../options.ts'
import { openJwkSet } from './jwk-set.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** Seconds by which clocks may differ. */
const LEEWAY_SECONDS = 5

/** Checks a token and gives its claims. @throws Unauthenticated; MeshError MESH_IDENTITY_UNAVAILABLE */
export type VerifyJwt = (token: string) => Promise<JWTPayload>

const verifyWithAny = async (
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> => {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (thrown) {
    // A token without `kid` fits every RSA key of the set.
    if (!(thrown instanceof errors.JWKSMultipleMatchingKeys)) throw thrown
    for await (const key of thrown) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (failed) {
        if (!(failed instanceof errors.JWSSignatureVerificationFailed)) throw failed
      }
    }
    throw new Unauthenticated('invalid')
  }
}

const algorithmOf = (token: string): string | undefined => {
  try {
    return decodeProtectedHeader(token).alg
  } catch {
    throw new Unauthenticated('unreadable')
  }
}

const asRefusal = (thrown: unknown): unknown => {
  if (thrown instanceof errors.JWTExpired) return new Unauthenticated('expired')
  return thrown instanceof errors.JOSEError ? new Unauthenticated('invalid') : thrown
}

/**
 * Makes the check for tokens issued by the LMS (JWT_AUTH in its settings). The kind of key fixes the algorithm: the shared
 * secret is used for HS256 alone and the key set for RS512 alone, whatever the token says of itself.
 *
 * @param now - milliseconds since the epoch.
 */
export const createJwtVerifier = (options: GatewayOptions['jwt'], now: () => number): VerifyJwt => {
  const secret = options.secret === undefined ? undefined : new TextEncoder().encode(options.secret)
  const keys = options.jwks === undefined ? undefined : openJwkSet(options.jwks, now)
  const common = (): JWTVerifyOptions => ({
    requiredClaims: ['exp'],
    clockTolerance: LEEWAY_SECONDS,
    currentDate: new Date(now()),
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  })
  return async (token) => {
    const algorithm = algorithmOf(token)
    try {
      if (algorithm === 'HS256' && secret !== undefined)
        return (await jwtVerify(token, secret, { ...common(), algorithms: ['HS256'] })).payload
      if (algorithm === 'RS512' && keys !== undefined)
        return await verifyWithAny(token, keys, { ...common(), algorithms: ['RS512'] })
    } catch (thrown) {
      throw asRefusal(thrown)
    }
    throw new Unauthenticated('invalid')
  }
}
