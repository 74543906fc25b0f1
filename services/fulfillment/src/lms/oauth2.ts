import { z } from 'zod'
import { jsonOf, type Answer } from './answer.ts'
import { retryAfterMs } from './retry-after.ts'
import type { Transport } from './transport.ts'
import { outage, type Known, type Transient } from './verdict.ts'

/** Whose token. */
export type Credentials = {
  readonly clientId: string
  readonly clientSecret: string
  /** Seconds before its expiry that a token is replaced. */
  readonly tokenRefreshSeconds: number
}

/** Keeps one access token fresh for everybody. */
export type Tokens = {
  /** Value of the `Authorization` header. Callers who come at once share one fetch. */
  authorization(): Promise<Known<string> | Transient>
  /** Forgets this value, if it is still the current one: the LMS refused it. */
  forget(authorization: string): void
}

/** How long the endpoint is left alone after it refused us, when it does not say itself. */
const REFUSED_PAUSE_MS = 30_000

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  token_type: z.string().min(1),
})

/** Error codes of a token endpoint (RFC 6749, section 5.2). Whoever answers anything else is no token endpoint. */
const refusal = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
})

type Token = { readonly authorization: string; readonly seconds: number }

const readToken = (answer: Answer): Known<Token> | Transient => {
  const parsed = tokenAnswer.safeParse(jsonOf(answer))
  if (!parsed.success)
    return outage(
      'MESH_LMS_ANSWER_UNEXPECTED',
      'The token endpoint answered 200, but with no token: `lms.url` may be wrong.',
    )
  const { access_token: token, expires_in: seconds, token_type: type } = parsed.data
  return {
    verdict: 'known',
    value: { authorization: `${type.toLowerCase() === 'jwt' ? 'JWT' : 'Bearer'} ${token}`, seconds },
  }
}

/**
 * What the answer of the token endpoint means. Nothing here is permanent for an order: a wrong secret or a rate limit
 * is not the order's fault, so it waits until the operator has mended it. Rule: interop section 2.
 *
 * @param now - milliseconds since the epoch.
 */
export const classifyToken = (answer: Answer, now: number): Known<Token> | Transient => {
  const { status } = answer
  const afterMs = retryAfterMs(answer.headers['retry-after'], now)
  if (status === 200) return readToken(answer)
  if (status === 403 || status === 429) {
    const reason = `The LMS limits token requests from this address (${status}).`
    return outage('MESH_LMS_TOKEN_LIMITED', reason, afterMs ?? REFUSED_PAUSE_MS)
  }
  if (status >= 500)
    return outage('MESH_LMS_UNAVAILABLE', `The token endpoint is not available (${status}).`, afterMs)
  const refused = refusal.safeParse(jsonOf(answer))
  if ((status === 400 || status === 401) && refused.success) {
    const reason = `The LMS refuses the OAuth2 client (${status}, ${refused.data.error}).`
    return outage('MESH_LMS_CLIENT_REFUSED', reason, afterMs ?? REFUSED_PAUSE_MS)
  }
  return outage(
    'MESH_LMS_ANSWER_UNEXPECTED',
    `The token request was answered ${status}, but not by an OAuth2 endpoint: \`lms.url\` may be wrong.`,
  )
}

/** Makes a token source over a transport. `now` in milliseconds since the epoch. */
export const createTokens = (credentials: Credentials, transport: Transport, now: () => number): Tokens => {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    token_type: 'jwt',
  }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  // One caller's deadline must not end the fetch for the others: the transport's own timeout bounds it.
  const unbound = new AbortController().signal
  let kept: { readonly result: Known<string> | Transient; readonly until: number } | undefined
  let fetching: Promise<Known<string> | Transient> | undefined

  const fetchToken = async (): Promise<Known<string> | Transient> => {
    const sent = await transport.send(
      { operation: 'token', method: 'POST', path: '/oauth2/access_token', headers, body },
      unbound,
    )
    const result = 'status' in sent ? classifyToken(sent, now()) : sent
    if (result.verdict !== 'known') {
      kept = { result, until: now() + (result.afterMs ?? 0) }
      return result
    }
    const { authorization, seconds } = result.value
    const lead = Math.min(credentials.tokenRefreshSeconds, seconds / 2)
    const known = { verdict: 'known', value: authorization } as const
    kept = { result: known, until: now() + (seconds - lead) * 1_000 }
    return known
  }

  return {
    authorization: async () => {
      if (kept !== undefined && now() < kept.until) return kept.result
      fetching ??= fetchToken().finally(() => {
        fetching = undefined
      })
      return fetching
    },
    forget: (authorization) => {
      if (kept?.result.verdict === 'known' && kept.result.value === authorization) kept = undefined
    },
  }
}
