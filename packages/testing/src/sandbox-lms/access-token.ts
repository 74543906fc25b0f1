import { json } from './answer.ts'
import { serviceUsername } from './default-catalogue.ts'
import type { Answer } from './answer.ts'
import type { Tokens } from './tokens.ts'

/** The OAuth2 client that the sandbox knows, and how long its tokens live (seconds). */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly lifetimeSeconds: number
}

/** A token request: the form-encoded body and, for clients that authenticate by Basic, the header. */
export interface TokenRequest {
  readonly form: URLSearchParams
  readonly authorization: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

function basicCredentials(authorization: string | undefined): [id: string | null, secret: string | null] {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return [null, null]
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return [id, secret.join(':')]
}

/**
 * Answers `POST /oauth2/access_token` (interop section 2): a JWT for `token_type=jwt`, else an opaque token; never a refresh
 * token. The client acts as the staff user {@link serviceUsername}.
 */
export function answerTokenRequest(request: TokenRequest, client: OAuthClient, tokens: Tokens): Answer {
  const { form, now } = request
  if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' })
  const [basicId, basicSecret] = basicCredentials(request.authorization)
  const isKnown =
    (form.get('client_id') ?? basicId) === client.clientId &&
    (form.get('client_secret') ?? basicSecret) === client.clientSecret
  if (!isKnown)
    return json(401, { error: 'invalid_client' }, { 'www-authenticate': 'Bearer error="invalid_client"' })
  const asJwt = form.get('token_type')?.toLowerCase() === 'jwt'
  const claims = { username: serviceUsername, issuedAt: now, expiresAt: now + client.lifetimeSeconds * 1000 }
  return json(
    200,
    {
      access_token: asJwt ? tokens.issueJwt(claims) : tokens.issueOpaque(claims),
      expires_in: client.lifetimeSeconds,
      token_type: asJwt ? 'JWT' : 'Bearer',
      scope: 'read write profile email',
    },
    { 'cache-control': 'no-store' },
  )
}
