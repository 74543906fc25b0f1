import { CATALOGUE, MeshError } from '@commerce-mesh/mesh'
import type { MeshCode } from '@commerce-mesh/mesh'

/** Where a mesh answers and who asks. */
export type Endpoint = {
  /** Without a slash at the end. */
  readonly url: string
  readonly key?: string
  /** Milliseconds. Default 30,000: an audit reads every record. */
  readonly timeoutMs?: number
}

/** One request. */
export type Call = {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What came back, the body as text. */
export type Reply = { readonly status: number; readonly text: string }

/** fetch hides the reason in the cause. */
const reasonOf = (thrown: unknown): string => {
  const inner = Error.isError(thrown) && thrown.cause !== undefined ? thrown.cause : thrown
  if (!Error.isError(inner)) return String(inner)
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.message
}

const unreachable = (url: string, cause: unknown): MeshError =>
  new MeshError('MESH_GATEWAY_UNREACHABLE', `No mesh answers at ${url} (${reasonOf(cause)}).`, { cause })

/** Sends one request. Any answer counts, whatever its status. @throws MeshError MESH_GATEWAY_UNREACHABLE */
export const send = async (
  { url, key, timeoutMs = 30_000 }: Endpoint,
  { method = 'GET', path, body, headers }: Call,
): Promise<Reply> => {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json, text/plain',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    throw unreachable(url, cause)
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
