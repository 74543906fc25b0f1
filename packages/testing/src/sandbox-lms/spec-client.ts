import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { signSandboxToken } from './tokens.ts'

/** The open demonstration course. */
export const demo = 'course-v1:edX+DemoX+Demo_Course'

/** What came back over a real socket. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body read as JSON, `undefined` where it is none. */
  readonly json: unknown
}

/** What to send; a string body goes out as it is, anything else as JSON. */
export interface Sending {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends one request on a connection of its own. @throws the socket's error, for example ECONNRESET. */
export function send(url: string, sending: Sending = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body, signal } = sending
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' || body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...type, ...headers }, agent: false, ...(signal ? { signal } : {}) }
    const outgoing = request(url, options, (response) => {
      let received = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (received += chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: received,
          json: parse(received),
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}

/** The `Authorization` header of a user, valid for an hour from `now`. */
export function as(username: string, now = Date.now()): Record<string, string> {
  const claims = { username, issuedAt: now, expiresAt: now + 3_600_000 }
  return { authorization: `JWT ${signSandboxToken(claims, 'sandbox-jwt-secret')}` }
}

/** The header of the default API key. */
export const withKey = { 'x-edx-api-key': 'mesh-api-key' }

/** An enrollment POST: staff enrolls bob in verified, unless told otherwise. */
export function enroll(
  url: string,
  fields: Record<string, unknown> = {},
  headers: Record<string, string> = withKey,
): Promise<Reply> {
  const standard = { user: 'bob', mode: 'verified', is_active: true, course_details: { course_id: demo } }
  return send(`${url}/api/enrollment/v1/enrollment`, {
    method: 'POST',
    headers,
    body: { ...standard, ...fields },
  })
}

/** The error code of a promise that must fail. */
export async function codeOf(failing: Promise<unknown>): Promise<unknown> {
  try {
    await failing
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? error.code : error
  }
  return 'it did not fail'
}

/** Waits until a condition holds, checking every few milliseconds. @throws Error after five seconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 1_000; left > 0; left -= 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('The condition did not come to hold within five seconds.')
}
