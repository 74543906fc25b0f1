import { types } from 'node:util'
import type { FormatReport } from './format-report.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Media type that data in the JSON format has where none is named ("JSON event format" 3.1.1). */
export const JSON_TYPE = 'application/json'

/** Finding on data that is neither text nor bytes though its media type is not JSON. */
export const NOT_TEXT = 'must be text or bytes, as datacontenttype is not JSON'

/** How data of a media type is held in memory: a JSON value, a string, or bytes. */
export type PayloadKind = 'json' | 'text' | 'bytes'

const CHARSET = /;[ \t]*charset="?([^\s;"]*)/i
const TEXT = /^text\/|[/+]xml$/

const isUtf8Charset = (mediaType: string): boolean => {
  const charset = CHARSET.exec(mediaType)?.[1]?.toLowerCase()
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii'
}

/** Sorts a media type: subtype `json` or `+json` is JSON; `text` and XML in UTF-8 are text; all else is bytes. */
export const payloadKind = (mediaType: string | undefined): PayloadKind => {
  if (mediaType === JSON_TYPE) return 'json'
  if (mediaType === undefined) return 'bytes'
  const end = mediaType.indexOf(';')
  const essence = (end < 0 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase()
  if (essence.endsWith('/json') || essence.endsWith('+json')) return 'json'
  return TEXT.test(essence) && isUtf8Charset(mediaType) ? 'text' : 'bytes'
}

/** Whether data is the specification's runtime type `Binary`. */
export const isBytes = (data: unknown): data is Uint8Array => types.isUint8Array(data)

/** A JSON value from text; a byte order mark is passed over, as RFC 8259 section 8.1 allows. */
export const parseJson = (text: string, path: string, report: FormatReport): unknown => {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch {
    // The engine's message quotes the text, which may be personal.
    report.poison(path, 'is not valid JSON')
    return undefined
  }
}

/** Data from its bytes, as its media type says. Empty bytes are no JSON text: they stand for no data. */
export const decodePayload = (
  mediaType: string | undefined,
  bytes: Uint8Array,
  report: FormatReport,
): unknown => {
  const kind = payloadKind(mediaType)
  if (kind === 'bytes') return bytes
  if (kind === 'json' && bytes.byteLength === 0) return undefined
  const text = decodeUtf8(bytes)
  if (text === undefined) {
    report.poison('data', 'is not valid UTF-8')
    return undefined
  }
  return kind === 'json' ? parseJson(text, 'data', report) : text
}

const tryStringify = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/**
 * JSON text of data.
 *
 * @throws EventFormatError when there is none: a cycle, a bigint, a function.
 */
export const writeJson = (value: unknown, report: FormatReport): string => {
  const text = tryStringify(value)
  if (text !== undefined) return text
  report.breach('data', 'must be data that JSON can hold')
  throw report.error()
}

/**
 * Bytes of data that is present, as its media type says.
 *
 * @throws EventFormatError when data and media type don't fit.
 */
export const encodePayload = (mediaType: string, data: unknown, report: FormatReport): Uint8Array => {
  if (isBytes(data)) return data
  if (payloadKind(mediaType) === 'json') return encodeUtf8(writeJson(data, report))
  if (typeof data === 'string') return encodeUtf8(data)
  report.breach('data', NOT_TEXT)
  throw report.error()
}
