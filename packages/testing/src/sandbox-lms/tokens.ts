import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** What {@link signSandboxToken} needs. */
export interface TokenClaims {
  readonly username: string
  /** Milliseconds since 1970; rounded to the whole seconds of a JWT. */
  readonly issuedAt: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const header = encoded({ alg: 'HS256', typ: 'JWT' })

/**
 * A JWT as the LMS would issue it for a user: HS256 under the sandbox's `jwtSecret`. With it a test acts as any user, and
 * makes tokens that have expired.
 */
export function signSandboxToken(claims: TokenClaims, secret: string): string {
  const payload = encoded({
    iss: 'sandbox-lms',
    aud: 'openedx',
    iat: Math.floor(claims.issuedAt / 1000),
    exp: Math.floor(claims.expiresAt / 1000),
    preferred_username: claims.username,
    scopes: ['read', 'write', 'profile', 'email'],
    version: '1.2.0',
  })
  const signed = `${header}.${payload}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** Whose token it is and until when (milliseconds since 1970, exclusive). */
export interface TokenBearer {
  readonly username: string
  readonly expiresAt: number
}

/** Reads and checks a token of {@link signSandboxToken}; `null` where it is not one under this secret. Expiry is not checked. */
export function readSandboxToken(token: string, secret: string): TokenBearer | null {
  const [head, payload, signature, ...rest] = token.split('.')
  if (head !== header || payload === undefined || signature === undefined || rest.length > 0) return null
  const right = createHmac('sha256', secret).update(`${head}.${payload}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  // The signature is ours, so the payload is what signSandboxToken wrote, unless somebody else has the secret.
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  if (typeof claims !== 'object' || claims === null) return null
  const username = 'preferred_username' in claims ? claims.preferred_username : undefined
  const expires = 'exp' in claims ? claims.exp : undefined
  if (typeof username !== 'string' || typeof expires !== 'number') return null
  return { username, expiresAt: expires * 1000 }
}

/** Tokens that were checked before and stay in memory; more than any client holds at a time. */
const mostRemembered = 1_000

/** Issues tokens and knows whose they are. */
export class Tokens {
  readonly #secret: string
  readonly #opaque = new Map<string, TokenBearer>()
  readonly #checked = new Map<string, TokenBearer>()

  constructor(secret: string) {
    this.#secret = secret
  }

  issueJwt(claims: TokenClaims): string {
    return signSandboxToken(claims, this.#secret)
  }

  issueOpaque({ username, expiresAt }: TokenClaims): string {
    const token = randomBytes(15).toString('hex')
    this.#opaque.set(token, { username, expiresAt })
    return token
  }

  /** The bearer of a JWT, `null` where this server did not sign it. */
  bearerOfJwt(token: string): TokenBearer | null {
    const known = this.#checked.get(token)
    if (known) return known
    const bearer = readSandboxToken(token, this.#secret)
    if (bearer) {
      if (this.#checked.size >= mostRemembered) this.#checked.clear()
      this.#checked.set(token, bearer)
    }
    return bearer
  }

  bearerOfOpaque(token: string): TokenBearer | null {
    return this.#opaque.get(token) ?? null
  }
}
