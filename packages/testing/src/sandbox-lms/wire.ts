import type { IncomingMessage, ServerResponse } from 'node:http'
import { detail } from './answer.ts'
import type { Answer } from './answer.ts'
import type { JsonBody } from './lms.ts'

/** The longest body that is read, bytes. */
const longestBody = 1_048_576

/** Where a request goes. */
export interface Target {
  /** Decoded; a `+` stays a plus. `null` where the percent encoding is broken. */
  readonly path: string | null
  readonly query: URLSearchParams
}

const noQuery = new URLSearchParams()

/** Splits and decodes the request target of the first line. */
export function readTarget(url: string): Target {
  const mark = url.indexOf('?')
  const raw = mark === -1 ? url : url.slice(0, mark)
  const query = mark === -1 ? noQuery : new URLSearchParams(url.slice(mark + 1))
  return { path: decoded(raw), query }
}

function decoded(raw: string): string | null {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return null
  }
}

/** Reads the body and hands it over, `null` where it is too long. A client that gives up before the end is not heard of. */
export function readBody(request: IncomingMessage, done: (text: string | null) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= longestBody) chunks.push(chunk)
    else chunks.length = 0
  })
  request.on('end', () => {
    if (length > longestBody) done(null)
    else done(chunks.length === 0 ? '' : Buffer.concat(chunks).toString('utf8'))
  })
}

/** Reads a body as Django REST Framework's JSON parser does; no body at all is an empty object. */
export function readJson(text: string, contentType: string | undefined): JsonBody {
  if (text === '') return { value: {} }
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    return { refusal: detail(415, `Unsupported media type "${contentType ?? ''}" in request.`) }
  }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { refusal: detail(400, `JSON parse error - ${Error.isError(error) ? error.message : 'not JSON'}`) }
  }
}

/** Sends an answer, unless the client is gone. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return
  const headers: Record<string, string | number> = {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
  }
  if (answer.contentType !== null) headers['content-type'] = answer.contentType
  response.writeHead(answer.status, headers)
  response.end(answer.body)
}
