import { unauthenticated } from './answer.ts'
import type { Answer } from './answer.ts'
import type { TokenBearer, Tokens } from './tokens.ts'
import type { Caller, SandboxUser } from './user.ts'

/** The two headers that say who calls. */
export interface Credentials {
  readonly authorization: string | undefined
  readonly apiKey: string | undefined
}

/** What {@link authenticate} checks against. */
export interface Authority {
  readonly apiKey: string
  readonly tokens: Pick<Tokens, 'bearerOfJwt' | 'bearerOfOpaque'>
  /** Milliseconds since 1970. */
  readonly now: number
  /** The account of a bearer. */
  readonly account: (username: string) => SandboxUser
}

/**
 * Finds out who calls. Credentials that are wrong are refused at once, even beside a right API key, because the LMS
 * authenticates before it looks at permissions; credentials that are absent, or of a scheme it does not know, make an
 * anonymous caller. Source: interop section 1, "Auth".
 */
export function authenticate(sent: Credentials, authority: Authority): Caller | Answer {
  const hasApiKey = sent.apiKey === authority.apiKey
  const [scheme = '', token, ...rest] = (sent.authorization ?? '').split(' ').filter((part) => part !== '')
  const kind = scheme.toLowerCase()
  if (kind !== 'jwt' && kind !== 'bearer') return { user: null, hasApiKey }
  if (token === undefined) return unauthenticated('Invalid token header. No credentials provided.')
  if (rest.length > 0) return unauthenticated('Invalid token header. Token string should not contain spaces.')
  const bearer = kind === 'jwt' ? authority.tokens.bearerOfJwt(token) : authority.tokens.bearerOfOpaque(token)
  const refusal = refusalOf(bearer, kind, authority.now)
  if (refusal || !bearer) return refusal ?? unauthenticated('Invalid token.')
  return { user: authority.account(bearer.username), hasApiKey }
}

function refusalOf(bearer: TokenBearer | null, kind: 'jwt' | 'bearer', now: number): Answer | null {
  if (bearer === null) {
    return unauthenticated(
      kind === 'jwt' ? 'Error decoding token.' : 'The provided access token does not match any valid tokens.',
    )
  }
  if (bearer.expiresAt > now) return null
  return unauthenticated(
    kind === 'jwt' ? 'Token has expired.' : 'The provided access token has expired and is no longer valid.',
  )
}

const notAuthenticated = unauthenticated('Authentication credentials were not provided.')

/** The permission of the enrollment views: somebody, or the API key. `null`: granted. */
export function requireUserOrApiKey(caller: Caller): Answer | null {
  return caller.user !== null || caller.hasApiKey ? null : notAuthenticated
}

/** The permission of all other views, which know no API key. `null`: granted. */
export function requireUser(caller: Caller): Answer | null {
  return caller.user === null ? notAuthenticated : null
}
