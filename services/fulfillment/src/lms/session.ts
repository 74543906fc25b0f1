import type { Pacer } from '@commerce-mesh/mesh'
import type { Answer } from './answer.ts'
import type { Tokens } from './oauth2.ts'
import type { Call } from './port.ts'
import type { HttpRequest, Transport } from './transport.ts'
import { transient, type Transient } from './verdict.ts'

/** What a session is made of. */
export type SessionParts = {
  readonly transport: Transport
  readonly tokens: Tokens
  /** Sent as `X-Edx-Api-Key`, besides the token. */
  readonly apiKey?: string
  /** Undefined: no limit of our own. */
  readonly pacer?: Pacer
}

/** An API request without what the session adds. */
type ApiRequest = Pick<HttpRequest, 'operation' | 'method' | 'path'> & { readonly json?: unknown }

/** Sends authorized requests. */
export type Session = (request: ApiRequest, call: Call) => Promise<Answer | Transient>

const PACED = transient('MESH_LMS_PACED', 'The attempt ended while it waited for the mesh’s own rate limit.')

const ended = () =>
  transient('MESH_HANDLER_DEADLINE', 'The attempt ended before the call to the LMS was made.')

const orEnded = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T | Transient> => {
  const aborted = Promise.withResolvers<Transient>()
  const stop = () => aborted.resolve(ended())
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([aborted.promise, work])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/**
 * Makes a session: every call waits its turn, carries the token, the API key and the traceparent, and is repeated once
 * with a new token when the LMS answers 401 (interop section 1). The wait comes before the call's own deadline starts.
 */
export const createSession = ({ transport, tokens, apiKey, pacer }: SessionParts): Session => {
  const headersOf = (request: ApiRequest, authorization: string, traceparent: string) => ({
    accept: 'application/json',
    'user-agent': 'commerce-mesh',
    authorization,
    traceparent,
    ...(apiKey !== undefined && { 'x-edx-api-key': apiKey }),
    ...(request.json !== undefined && { 'content-type': 'application/json' }),
  })

  const attempt = async (
    request: ApiRequest,
    call: Call,
  ): Promise<{ answer: Answer | Transient; authorization?: string }> => {
    const passed = await pacer?.pass(call.signal).then(
      () => true,
      () => false,
    )
    if (passed === false) return { answer: PACED }
    const token = await orEnded(tokens.authorization(), call.signal)
    if (token.verdict !== 'known') return { answer: token }
    const { json, ...bare } = request
    const headers = headersOf(request, token.value, call.traceparent)
    const body = json === undefined ? {} : { body: JSON.stringify(json) }
    return {
      answer: await transport.send({ ...bare, headers, ...body }, call.signal),
      authorization: token.value,
    }
  }

  return async (request, call) => {
    const first = await attempt(request, call)
    if (first.authorization === undefined || !('status' in first.answer) || first.answer.status !== 401)
      return first.answer
    tokens.forget(first.authorization)
    return (await attempt(request, call)).answer
  }
}
