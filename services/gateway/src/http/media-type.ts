import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../problem/refusal.ts'

/** A Content-Type taken apart: type in lower case, and its charset if it names one. */
export type MediaType = { readonly type: string; readonly charset: string | undefined }

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)"?/i

/** Reads a Content-Type header (RFC 9110, section 8.3). */
export const mediaTypeOf = (header: string | undefined): MediaType => ({
  type: (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
  charset: CHARSET.exec(header ?? '')?.[1]?.toLowerCase(),
})

/** Whether the bytes may be UTF-8: no charset, or one of its names. */
export const isUtf8Charset = (charset: string | undefined): boolean =>
  charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii'

/** Whether the body is compressed; the edge unpacks nothing, so that a small request can't become a large one. */
export const isEncoded = (headers: IncomingHttpHeaders): boolean => {
  const encoding = headers['content-encoding']
  return encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity'
}

const refuse = (detail: string, headers: Readonly<Record<string, string>>) =>
  new Refusal(415, 'MESH_MEDIA_TYPE', detail, { headers })

/** @throws Refusal 415 for a compressed body. */
export const demandPlain = (headers: IncomingHttpHeaders): void => {
  if (isEncoded(headers))
    throw refuse('Compressed bodies are not taken; send it without Content-Encoding.', {
      'accept-encoding': 'identity',
    })
}

/** @throws Refusal 415 for anything but uncompressed `application/json` in UTF-8. */
export const demandJson = (headers: IncomingHttpHeaders): void => {
  demandPlain(headers)
  if (headers['content-type'] === 'application/json') return
  const { type, charset } = mediaTypeOf(headers['content-type'])
  if (type !== 'application/json')
    throw refuse('The body must be application/json.', { accept: 'application/json' })
  if (!isUtf8Charset(charset)) throw refuse('JSON is read in UTF-8 only.', { accept: 'application/json' })
}
