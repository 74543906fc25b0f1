import { readFile } from 'node:fs/promises'
import { MeshError } from '@commerce-mesh/mesh'
import {
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
} from 'jose'
import type { GatewayOptions } from '../options.ts'

/** How long a key file is believed before it is read again. */
const FILE_MS = 60_000
const FETCH_TIMEOUT_MS = 5_000
/** A URL is asked at most this often for a key that it did not have. */
const FETCH_PAUSE_MS = 30_000

const unreadable = (place: string, cause: unknown) =>
  new MeshError(
    'MESH_IDENTITY_UNAVAILABLE',
    `The LMS's public keys can't be read from ${place}: ${whyOf(cause)}.`,
    { cause },
  )

class WrongStatus extends Error {}

const codeOf = (thrown: unknown): string | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return 'cause' in thrown ? codeOf(thrown.cause) : undefined
}

/** Status or error code; never a foreign message, which may quote what was read. */
const whyOf = (cause: unknown): string => {
  if (cause instanceof WrongStatus) return cause.message
  const code = codeOf(cause)
  if (code === 'ERR_JWKS_INVALID' || (Error.isError(cause) && cause.name === 'SyntaxError'))
    return 'it holds no JWK set'
  return code ?? (Error.isError(cause) ? cause.name : 'unknown')
}

/** The set, or a JSON string that holds it: Open edX serves its setting at /auth/jwks.json, which it keeps as a string. */
const parseSet = (text: string): JSONWebKeySet => {
  const value: unknown = JSON.parse(text)
  return (typeof value === 'string' ? JSON.parse(value) : value) as JSONWebKeySet
}

const readSet = async (path: string) => createLocalJWKSet(parseSet(await readFile(path, 'utf8')))

const isUrl = (source: string) => /^https?:\/\//.test(source)

const fromFile = (path: string, now: () => number): JWTVerifyGetKey => {
  let known: { keys: ReturnType<typeof createLocalJWKSet>; until: number } | undefined
  const read = async () => {
    try {
      const keys = await readSet(path)
      known = { keys, until: now() + FILE_MS }
      return keys
    } catch (cause) {
      throw unreadable(`the file '${path}'`, cause)
    }
  }
  return async (header, token) =>
    (known !== undefined && known.until > now() ? known.keys : await read())(header, token)
}

/** Errors of jose that tell of the token, not of the place where the keys are. */
const ABOUT_THE_TOKEN = ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS']

/** Fetches for jose, which takes the set as an object only and does not tell the status. */
const fetchSet = async (url: string, options: RequestInit): Promise<Response> => {
  const response = await fetch(url, options)
  if (response.status !== 200) throw new WrongStatus(`it answered ${response.status}`)
  return Response.json(parseSet(await response.text()))
}

const fromUrl = (url: URL): JWTVerifyGetKey => {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: FETCH_PAUSE_MS,
    [customFetch]: fetchSet,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      if (ABOUT_THE_TOKEN.includes(String(codeOf(cause)))) throw cause
      // Without user name, password and query: they may hold secrets.
      throw unreadable(url.origin + url.pathname, cause)
    }
  }
}

/**
 * The public keys that RS512 tokens are checked with: from the options themselves, a file (read again every minute) or a URL
 * (fetched when needed, cached, at most every 30 s).
 *
 * @returns a lookup that throws MeshError MESH_IDENTITY_UNAVAILABLE when file or URL can't be read.
 */
export const openJwkSet = (
  source: NonNullable<GatewayOptions['jwt']['jwks']>,
  now: () => number,
): JWTVerifyGetKey => {
  if (typeof source !== 'string') return createLocalJWKSet(source as JSONWebKeySet)
  return isUrl(source) ? fromUrl(new URL(source)) : fromFile(source, now)
}

const invalid = (happened: string, cause?: unknown) =>
  new MeshError('MESH_CONFIG_INVALID', happened, { cause })

/** Before the start: a key file must be there, and a URL must be one that can be asked. @throws MeshError MESH_CONFIG_INVALID */
export const demandKeySource = async (source: GatewayOptions['jwt']['jwks']): Promise<void> => {
  if (typeof source !== 'string') return
  if (isUrl(source)) {
    const url = URL.parse(source)
    if (url !== null && url.username === '' && url.password === '') return
    throw invalid('The URL in services.gateway.jwt.jwks is not valid, or holds a user name or password.')
  }
  try {
    await readSet(source)
  } catch (cause) {
    const why = codeOf(cause) === 'ENOENT' ? 'does not exist' : `can't be used (${whyOf(cause)})`
    throw invalid(`The key file '${source}' in services.gateway.jwt.jwks ${why}.`, cause)
  }
}
