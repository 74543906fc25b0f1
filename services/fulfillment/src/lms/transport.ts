import { type Metrics, type SpanEnd, type Tracer, activeSpan } from '@commerce-mesh/mesh'
import { Pool } from 'undici'
import type { Answer } from './answer.ts'
import { outage, transient, type Transient } from './verdict.ts'

/** Largest answer that is read; an enrollment with all its course modes is far below it. */
const MAX_ANSWER_BYTES = 1_048_576

/** One HTTP request to the LMS. */
export type HttpRequest = {
  /** Names the kind of call in metrics; no personal data. */
  readonly operation: 'token' | 'find-account' | 'read-enrollment' | 'write-enrollment'
  readonly method: 'GET' | 'POST'
  /** Below `lms.url`, with query. May hold personal data. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The path of each kind of call without what it is about: usernames and addresses stay out of spans (promise 11). */
const TEMPLATES: Readonly<Record<HttpRequest['operation'], string>> = {
  token: '/oauth2/access_token',
  'find-account': '/api/user/v1/accounts',
  'read-enrollment': '/api/enrollment/v1/enrollment/{username},{course_id}',
  'write-enrollment': '/api/enrollment/v1/enrollment',
}

/** Sends requests to one server. */
export type Transport = {
  /** The answer, whatever its status; or why there is none. Never throws. */
  send(request: HttpRequest, signal: AbortSignal): Promise<Answer | Transient>
  close(): Promise<void>
}

/** How to reach the server. */
export type TransportOptions = {
  /** Scheme, host, port, and a path in front of everything where there is one. */
  readonly url: string
  readonly connections: number
  /** Time of one call from being handed to the pool until its answer is read. */
  readonly requestTimeoutMs: number
}

const codeOf = (thrown: unknown): string => {
  const { code, name } = (thrown ?? {}) as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : String(name)
}

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/**
 * Why a call has no answer. A timeout counts as trouble of the whole LMS, as a refused connection does: a server that
 * is short of workers shows itself first by being slow, and must not be asked even more.
 */
const failureOf = (thrown: unknown, ended: AbortSignal, isLate: boolean, timeoutMs: number): Transient => {
  const code = codeOf(thrown)
  if (ended.aborted)
    return transient('MESH_HANDLER_DEADLINE', 'The attempt ended before the LMS had answered.')
  if (isLate || TIMEOUTS.has(code)) {
    return outage('MESH_LMS_TIMEOUT', `The LMS did not answer within ${timeoutMs} ms.`)
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return transient('MESH_LMS_ANSWER_UNEXPECTED', `The LMS answered more than ${MAX_ANSWER_BYTES} bytes.`)
  }
  return outage('MESH_LMS_UNAVAILABLE', `No connection to the LMS (${code}).`)
}

/**
 * Aborts when the time is over, or with the caller's signal. AbortSignal.timeout would do, but can't be taken back: each
 * call would be kept in memory until its time is over, and then make an error with its stack for nobody.
 */
const createDeadline = (ms: number, caller: AbortSignal) => {
  const controller = new AbortController()
  let passed = false
  const timer = setTimeout(() => {
    passed = true
    controller.abort(new Error(`no answer within ${ms} ms`))
  }, ms)
  const onAbort = () => controller.abort(caller.reason)
  if (caller.aborted) onAbort()
  else caller.addEventListener('abort', onAbort, { once: true })
  return {
    signal: controller.signal,
    passed: () => passed,
    end: () => {
      clearTimeout(timer)
      caller.removeEventListener('abort', onAbort)
    },
  }
}

/** How the span of a call ends: whatever the LMS refuses is an error of the call, whatever becomes of the order. */
const endingOf = (result: Answer | Transient): SpanEnd => {
  if (!('status' in result)) return { error: result.code }
  const { status } = result
  return {
    attributes: { 'http.response.status_code': status },
    ...(status >= 400 && { error: String(status) }),
  }
}

const statusLabel = (result: Answer | Transient) => ('status' in result ? String(result.status) : result.code)

/** Makes a transport with a pool of connections that are kept alive. */
export const createTransport = (
  options: TransportOptions,
  metrics: Pick<Metrics, 'count' | 'observe'>,
  tracer: Tracer,
): Transport => {
  const { origin, pathname, hostname, port, protocol } = new URL(options.url)
  const base = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, {
    connections: options.connections,
    connectTimeout: options.requestTimeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
  })

  const exchange = async (
    { method, path, headers, body }: HttpRequest,
    signal: AbortSignal,
  ): Promise<Answer> => {
    const response = await pool.request({
      method,
      path: base + path,
      headers,
      signal,
      ...(body !== undefined && { body }),
    })
    const received = Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ])
    return {
      status: response.statusCode,
      headers: Object.fromEntries(received),
      body: await response.body.text(),
    }
  }

  const server = {
    'url.scheme': protocol.slice(0, -1),
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  }

  /** A token is fetched for everybody: it belongs to the trace of whoever needed it first. */
  const spanOf = ({ operation, method, headers }: HttpRequest) =>
    tracer.start('client', `${method} ${TEMPLATES[operation]}`, {
      parent: headers['traceparent'] ?? activeSpan()?.traceparent,
      attributes: () => ({
        'http.request.method': method,
        'url.template': base + TEMPLATES[operation],
        ...server,
        'mesh.lms.operation': operation,
      }),
    })

  return {
    send: async (request, signal) => {
      const span = spanOf(request)
      const headers = { ...request.headers, traceparent: span.traceparent }
      const deadline = createDeadline(options.requestTimeoutMs, signal)
      const start = performance.now()
      const result = await span
        .run(() => exchange({ ...request, headers }, deadline.signal))
        .catch((thrown: unknown) => failureOf(thrown, signal, deadline.passed(), options.requestTimeoutMs))
        .finally(deadline.end)
      span.end(endingOf(result))
      metrics.count('mesh_lms_requests_total', { operation: request.operation, status: statusLabel(result) })
      metrics.observe(
        'mesh_lms_request_seconds',
        { operation: request.operation },
        (performance.now() - start) / 1_000,
      )
      return result
    },
    close: () => pool.close(),
  }
}
