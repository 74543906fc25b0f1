import { CATALOGUE, MeshError } from '@commerce-mesh/mesh'
import type { MeshCode } from '@commerce-mesh/mesh'
import { exchange } from './exchange.ts'
import type { Reply } from './exchange.ts'

/** Where a mesh answers and who asks. */
export type Endpoint = {
  /** Without a slash at the end. */
  readonly url: string
  readonly key?: string
  /** Milliseconds until the whole answer is there. Default 30,000. */
  readonly timeoutMs?: number
}

/** One request. */
export type Call = {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const reasonOf = (thrown: unknown): string => {
  if (!Error.isError(thrown)) return String(thrown)
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.message
}

const unreachable = (url: string, cause: unknown): MeshError =>
  new MeshError('MESH_GATEWAY_UNREACHABLE', `No mesh answers at ${url} (${reasonOf(cause)}).`, { cause })

/** Somebody may be there all the same, and still at work on it. */
const tooSlow = (url: string, timeoutMs: number, cause: unknown): MeshError =>
  new MeshError(
    'MESH_GATEWAY_UNREACHABLE',
    `No answer came from ${url} within ${timeoutMs / 1_000} s; what was asked for may still go on there.`,
    { cause, action: 'Ask again later, and look at the log of that mesh: it is slow, or hangs.' },
  )

/** Sends one request. Any answer counts, whatever its status. @throws MeshError MESH_GATEWAY_UNREACHABLE */
export const send = async (
  { url, key, timeoutMs = 30_000 }: Endpoint,
  { method = 'GET', path, body, headers }: Call,
): Promise<Reply> => {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await exchange(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json, text/plain',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body,
      signal,
    })
  } catch (cause) {
    throw signal.aborted ? tooSlow(url, timeoutMs, cause) : unreachable(url, cause)
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCode = (code: unknown): code is MeshCode => typeof code === 'string' && Object.hasOwn(CATALOGUE, code)

const fieldLines = (errors: unknown): readonly string[] =>
  Array.isArray(errors)
    ? errors.filter(isObject).map(({ path, message }) => `  ${String(path)}: ${String(message)}`)
    : []

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const NEEDS_KEY =
  'Give an API key of that mesh with --key or MESH_API_KEY. The operator key of a data directory goes only to the mesh that runs on it.'

/** The error that an answer of 4xx or 5xx means: the problem document's own, where it is one. */
const refusal = ({ url, key }: Endpoint, { status, text }: Reply): MeshError => {
  const problem = parsed(text)
  if (isObject(problem) && isCode(problem['code'])) {
    const detail =
      typeof problem['detail'] === 'string' ? problem['detail'] : CATALOGUE[problem['code']].meaning
    const keyless = problem['code'] === 'MESH_UNAUTHENTICATED' && key === undefined
    return new MeshError(
      problem['code'],
      [detail, ...fieldLines(problem['errors'])].join('\n'),
      keyless ? { action: NEEDS_KEY } : {},
    )
  }
  return new MeshError('MESH_GATEWAY_UNREACHABLE', `What answers at ${url} is no mesh: status ${status}.`)
}

/** Sends one request and reads the JSON of its 2xx. @throws MeshError as the problem document says, or MESH_GATEWAY_UNREACHABLE */
export const callJson = async (endpoint: Endpoint, call: Call): Promise<unknown> => {
  const reply = await send(endpoint, call)
  if (reply.status < 200 || reply.status > 299) throw refusal(endpoint, reply)
  const value = parsed(reply.text)
  if (value === undefined) throw refusal(endpoint, reply)
  return value
}
