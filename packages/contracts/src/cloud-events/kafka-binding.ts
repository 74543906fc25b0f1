import { binaryBody, binaryContentType, contentMode, readBinary, unsupportedFormat } from './binary-mode.ts'
import type { Draft } from './draft.ts'
import { newDraft, putAttribute } from './draft.ts'
import type { CloudEvent } from './event.ts'
import { FormatReport, shownName } from './format-report.ts'
import { fromStructured } from './json-format.ts'
import type { CodecOptions } from './limits.ts'
import { attributesOf, checkOutgoing, prefixed } from './outgoing.ts'
import { isBytes } from './payload.ts'
import { refuseOversize } from './size.ts'
import { decodeUtf8 } from './utf8.ts'

type HeaderValue = string | Uint8Array

/** Headers of a record as Kafka clients hand them over; bytes are UTF-8, a list is a header that came more than once. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>

/** A Kafka record that carries an event in binary mode. The key is the contract's matter. */
export type BinaryRecord = {
  readonly headers: Record<string, string>
  /** Null for an event without data (Kafka binding 3.2.2). May share its memory: copy before a transfer to a thread. */
  readonly value: Uint8Array | null
}

const NAMES = prefixed('ce_')
const CONTENT_TYPE = 'content-type'
// The Open edX event bus writes this one instead of content-type (interop section 4).
const DATA_CONTENT_TYPE = 'ce_datacontenttype'

const sizeOf = (headers: RecordHeaders, value: Uint8Array | null): number => {
  let size = value?.byteLength ?? 0
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0)
  return size
}

/**
 * Writes an event as a Kafka record in binary mode ("Kafka Protocol Binding" 3.2).
 *
 * @throws EventFormatError of kind `contract`, when an attribute breaks a rule of CloudEvents 1.0, the data
 * is not what `datacontenttype` says, or the record is too large.
 */
export const toBinary = (event: CloudEvent, options: CodecOptions = {}): BinaryRecord => {
  const report = new FormatReport()
  checkOutgoing(event, report)
  const contentType = binaryContentType(event)
  const value = binaryBody(event, contentType, report)
  const headers = attributesOf(event, NAMES)
  if (contentType !== undefined) headers[CONTENT_TYPE] = contentType
  refuseOversize(sizeOf(headers, value), report, options)
  return { headers, value }
}

const headerText = (headers: RecordHeaders, name: string, report: FormatReport): string | undefined => {
  const value = headers[name]
  if (value === undefined || typeof value === 'string') return value
  if (!isBytes(value)) {
    report.breach(shownName(name), 'must not be sent more than once')
    return undefined
  }
  const text = decodeUtf8(value)
  if (text === undefined) report.poison(shownName(name), 'is not valid UTF-8')
  return text
}

const attributeOf = (name: string, headers: RecordHeaders): string | undefined => {
  if (name === CONTENT_TYPE) return 'datacontenttype'
  if (!name.startsWith(NAMES.prefix)) return undefined
  return name === DATA_CONTENT_TYPE && headers[CONTENT_TYPE] !== undefined
    ? undefined
    : name.slice(NAMES.prefix.length)
}

const readHeaders = (headers: RecordHeaders, report: FormatReport): Draft => {
  const draft = newDraft()
  for (const name in headers) {
    const attribute = attributeOf(name, headers)
    const value = attribute === undefined ? undefined : headerText(headers, name, report)
    if (attribute !== undefined && value !== undefined) putAttribute(draft, attribute, value, report)
  }
  return draft
}

/**
 * Reads a Kafka record in binary mode. Headers without `ce_` are not the event's. Data is decoded as
 * `content-type` says: JSON, text, or bytes where it is neither or missing.
 *
 * @param value - null for an event without data (a tombstone in a compacted topic).
 * @throws EventFormatError with every finding; `poison` when headers or data can't be decoded or there are no `ce_` headers.
 */
export const fromBinary = (
  headers: RecordHeaders,
  value: Uint8Array | null,
  options: CodecOptions = {},
): CloudEvent<unknown> => {
  const report = new FormatReport()
  refuseOversize(sizeOf(headers, value), report, options)
  return readBinary(readHeaders(headers, report), value, report)
}

/**
 * Reads a Kafka record in either mode, told apart by its `content-type` ("Kafka Protocol Binding" 3).
 *
 * @throws EventFormatError as {@link fromBinary} and {@link fromStructured}; `poison` for other event formats.
 */
export const fromKafka = (
  headers: RecordHeaders,
  value: Uint8Array | null,
  options: CodecOptions = {},
): CloudEvent<unknown> => {
  const report = new FormatReport()
  const mode = contentMode(headerText(headers, CONTENT_TYPE, report))
  if (mode === 'binary') return fromBinary(headers, value, options)
  if (mode === 'unsupported') throw unsupportedFormat(report)
  return fromStructured(value ?? '', options)
}
