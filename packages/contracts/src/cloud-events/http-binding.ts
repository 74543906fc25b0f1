import { binaryBody, binaryContentType, contentMode, readBinary, unsupportedFormat } from './binary-mode.ts'
import type { Draft } from './draft.ts'
import { newDraft, putAttribute } from './draft.ts'
import type { CloudEvent } from './event.ts'
import { FormatReport, shownName } from './format-report.ts'
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts'
import { fromStructured } from './json-format.ts'
import type { CodecOptions } from './limits.ts'
import { attributesOf, checkOutgoing, prefixed } from './outgoing.ts'
import { refuseOversize } from './size.ts'
import { encodeUtf8 } from './utf8.ts'

/** Request headers as Node's `IncomingMessage.headers` holds them; names in any case. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** An HTTP request or response that carries an event in binary mode. */
export type HttpMessage = {
  readonly headers: Record<string, string>
  /** Empty for an event without data. */
  readonly body: Uint8Array
}

const NAMES = prefixed('ce-')
const CONTENT_TYPE = 'content-type'
const EMPTY = new Uint8Array()

/**
 * Writes an event as an HTTP message in binary mode ("HTTP Protocol Binding" 3.1); attribute values are percent-encoded.
 *
 * @throws EventFormatError of kind `contract`, when an attribute breaks a rule of CloudEvents 1.0, the data
 * is not what `datacontenttype` says, or the message is too large.
 */
export const toHttpBinary = (event: CloudEvent, options: CodecOptions = {}): HttpMessage => {
  const report = new FormatReport()
  checkOutgoing(event, report)
  const contentType = binaryContentType(event)
  const body = binaryBody(event, contentType, report) ?? EMPTY
  const headers = attributesOf(event, NAMES)
  let size = body.byteLength
  for (const name in headers) {
    const value = encodeHeaderValue(headers[name] ?? '')
    headers[name] = value
    size += name.length + value.length
  }
  if (contentType !== undefined) headers[CONTENT_TYPE] = contentType
  refuseOversize(size, report, options)
  return { headers, body }
}

type HeaderLines = ReadonlyMap<string, string>

/** Headers by lower-case name; notes those of the event that came more than once. */
const readLines = (headers: HttpHeaders, report: FormatReport): HeaderLines => {
  const lines = new Map<string, string>()
  for (const original in headers) {
    const name = original.toLowerCase()
    if (name !== CONTENT_TYPE && !name.startsWith(NAMES.prefix)) continue
    const value = headers[original]
    if (value === undefined) continue
    const isRepeated = lines.has(name) || (typeof value !== 'string' && value.length > 1)
    if (isRepeated) report.breach(shownName(name), 'must not be sent more than once')
    lines.set(name, typeof value === 'string' ? value : (value[0] ?? ''))
  }
  return lines
}

const readHeaders = (lines: HeaderLines, report: FormatReport): Draft => {
  const draft = newDraft()
  for (const [name, value] of lines) {
    const attribute = name === CONTENT_TYPE ? 'datacontenttype' : name.slice(NAMES.prefix.length)
    const text = name === CONTENT_TYPE ? value.trim() : decodeHeaderValue(value)
    if (name === 'ce-datacontenttype') report.breach(name, 'must not be sent: content-type says it')
    else if (text === undefined)
      report.poison(shownName(attribute), 'is not a percent-encoded UTF-8 header value')
    else putAttribute(draft, attribute, text, report)
  }
  return draft
}

const toBytes = (body: Uint8Array | string | null): Uint8Array | null => {
  const bytes = typeof body === 'string' ? encodeUtf8(body) : body
  // HTTP can't tell an empty body from none.
  return bytes === null || bytes.byteLength === 0 ? null : bytes
}

/**
 * Reads an event from an HTTP message in binary or structured mode, told apart by `Content-Type`
 * ("HTTP Protocol Binding" 3). The batched mode is not read.
 *
 * @param headers - as Node hands them over; of a fetch `Headers`, take `Object.fromEntries(headers)`.
 * @param body - the raw body; an empty one stands for no data.
 * @throws EventFormatError with every finding; `poison` when headers or body can't be decoded.
 */
export const fromHttp = (
  headers: HttpHeaders,
  body: Uint8Array | string | null,
  options: CodecOptions = {},
): CloudEvent<unknown> => {
  const report = new FormatReport()
  refuseOversize(body ?? 0, report, options)
  const lines = readLines(headers, report)
  const mode = contentMode(lines.get(CONTENT_TYPE))
  if (mode === 'unsupported') throw unsupportedFormat(report)
  if (mode === 'structured') return fromStructured(body ?? '', options)
  return readBinary(readHeaders(lines, report), toBytes(body), report)
}
