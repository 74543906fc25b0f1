import { readFile } from 'node:fs/promises'
import { MeshError } from '@commerce-mesh/mesh'
import { type JSONWebKeySet, type JWTVerifyGetKey, createLocalJWKSet, createRemoteJWKSet } from 'jose'
import type { GatewayOptions } from '../options.ts'

/** How long a key file is believed before it is read again. */
const FILE_MS = 60_000
const FETCH_TIMEOUT_MS = 5_000
/** A URL is asked at most this often for a key that it did not have. */
const FETCH_PAUSE_MS = 30_000

const unreadable = (place: string, cause: unknown) =>
  new MeshError('MESH_IDENTITY_UNAVAILABLE', `The LMS's public keys can't be read from ${place}.`, { cause })

const fromFile = (path: string, now: () => number): JWTVerifyGetKey => {
  let known: { keys: ReturnType<typeof createLocalJWKSet>; until: number } | undefined
  const read = async () => {
    try {
      const keys = createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet)
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

const fromUrl = (url: URL): JWTVerifyGetKey => {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: FETCH_PAUSE_MS,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
      if (ABOUT_THE_TOKEN.includes(String(code))) throw cause
      throw unreadable(url.origin, cause)
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
  return /^https?:\/\//.test(source) ? fromUrl(new URL(source)) : fromFile(source, now)
}
