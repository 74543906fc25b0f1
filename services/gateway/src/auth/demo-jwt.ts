import { SignJWT } from 'jose'

/** Whom a token for trying things out speaks for. */
export type DemoUser = {
  readonly username: string
  readonly lmsUserId: number
  readonly staff: boolean
}

/**
 * Signs an HS256 token with the claims that the LMS puts into its own (edx-platform, oauth_dispatch), for demos and tests.
 *
 * @param secret - `services.gateway.jwt.secret`.
 * @param more - `now` in milliseconds since the epoch (default: the clock); `lifetimeSeconds` (default 3,600); issuer and audience if the gateway checks them.
 */
export const signDemoJwt = (
  secret: string,
  user: DemoUser,
  more: { now?: number; lifetimeSeconds?: number; issuer?: string; audience?: string } = {},
): Promise<string> => {
  const issued = Math.floor((more.now ?? Date.now()) / 1_000)
  const claims = {
    preferred_username: user.username,
    user_id: user.lmsUserId,
    administrator: user.staff,
    superuser: false,
    is_restricted: false,
    scopes: ['read', 'write', 'profile', 'email'],
    version: '1.2.0',
  }
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(String(user.lmsUserId))
    .setIssuedAt(issued)
    .setExpirationTime(issued + (more.lifetimeSeconds ?? 3_600))
  if (more.issuer !== undefined) token.setIssuer(more.issuer)
  if (more.audience !== undefined) token.setAudience(more.audience)
  return token.sign(new TextEncoder().encode(secret))
}
