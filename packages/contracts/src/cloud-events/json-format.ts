import { CORE_ATTRIBUTES } from './attributes.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Draft } from './draft.ts'
import { checkDraft, finish, newDraft, putAttribute } from './draft.ts'
import type { CloudEvent } from './event.ts'
import { FormatReport, shownName } from './format-report.ts'
import type { CodecOptions } from './limits.ts'
import { attributesOf, checkOutgoing, prefixed } from './outgoing.ts'
import { decodePayload, isBytes, JSON_TYPE, NOT_TEXT, parseJson, payloadKind, writeJson } from './payload.ts'
import { refuseOversize } from './size.ts'
import { decodeUtf8 } from './utf8.ts'

/** Media type of one event in the JSON format, to be sent as `content-type` ("JSON event format" section 3). */
export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json; charset=UTF-8'

const NAMES = prefixed('')
const INT32 = 2 ** 31

const isJsonData = (datacontenttype: string | undefined): boolean =>
  payloadKind(datacontenttype ?? JSON_TYPE) === 'json'

/** The data member as JSON text, with its comma; empty where there is no data. */
const dataMember = ({ data, datacontenttype }: CloudEvent, report: FormatReport): string => {
  if (data === undefined) return ''
  if (isBytes(data)) return `,"data_base64":"${encodeBase64(data)}"`
  if (typeof data !== 'string' && !isJsonData(datacontenttype)) report.breach('data', NOT_TEXT)
  report.throwIfAny()
  return `,"data":${writeJson(data, report)}`
}

/**
 * Writes an event in the JSON event format (structured mode). Bytes become `data_base64`.
 *
 * @throws EventFormatError of kind `contract`, when an attribute breaks a rule of CloudEvents 1.0, the data
 * is not what `datacontenttype` says, or the event is too large.
 */
export const toStructured = (event: CloudEvent, options: CodecOptions = {}): string => {
  const report = new FormatReport()
  checkOutgoing(event, report)
  const member = dataMember(event, report)
  report.throwIfAny()
  const attributes = attributesOf(event, NAMES)
  if (event.datacontenttype !== undefined) attributes['datacontenttype'] = event.datacontenttype
  const text = `${JSON.stringify(attributes).slice(0, -1)}${member}}`
  refuseOversize(text, report, options)
  return text
}

const isInteger = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= -INT32 && Number(value) < INT32

const readAttribute = (draft: Draft, name: string, value: unknown, report: FormatReport): void => {
  if (typeof value === 'string') putAttribute(draft, name, value, report)
  else if (CORE_ATTRIBUTES.has(name)) report.breach(name, 'must be text')
  else if (typeof value === 'boolean' || isInteger(value)) putAttribute(draft, name, String(value), report)
  else report.breach(shownName(name), 'must be text, a boolean or a 32-bit integer')
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readObject = (text: string | Uint8Array, report: FormatReport): Record<string, unknown> => {
  const json = typeof text === 'string' ? text : decodeUtf8(text)
  if (json === undefined) report.poison('', 'is not valid UTF-8')
  const value = json === undefined ? undefined : parseJson(json, '', report)
  report.throwIfAny()
  if (isObject(value)) return value
  report.poison('', 'is not a JSON object')
  throw report.error()
}

const readPlainData = (data: unknown, mediaType: string | undefined, report: FormatReport): unknown => {
  if (typeof data === 'string' || data === undefined || isJsonData(mediaType)) return data
  if (data !== null) report.breach('data', NOT_TEXT)
  return undefined
}

const readData = (
  members: Record<string, unknown>,
  mediaType: string | undefined,
  report: FormatReport,
): unknown => {
  const { data, data_base64: encoded } = members
  if (encoded === undefined || encoded === null) return readPlainData(data, mediaType, report)
  if (data !== undefined) report.breach('data_base64', 'must not be sent together with data')
  const bytes = typeof encoded === 'string' ? decodeBase64(encoded) : undefined
  if (bytes !== undefined) return decodePayload(mediaType, bytes, report)
  report.poison('data_base64', 'is not valid Base64')
  return undefined
}

/**
 * Takes a text in the JSON event format apart and notes everything that is wrong with its attributes and its data's encoding.
 *
 * @returns what is there; `isDataRead` is false where data is there but can't be read, so that nothing more can be told about it.
 * @throws EventFormatError when the text is too large, not UTF-8, or no JSON object.
 */
export const readStructured = (
  text: string | Uint8Array,
  report: FormatReport,
  options: CodecOptions = {},
): { readonly draft: Draft; readonly data: unknown; readonly isDataRead: boolean } => {
  refuseOversize(text, report, options)
  const members = readObject(text, report)
  const draft = newDraft()
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value !== null && name !== 'data' && name !== 'data_base64') readAttribute(draft, name, value, report)
  }
  checkDraft(draft, report)
  const before = report.count
  const data = readData(members, draft.attributes.datacontenttype, report)
  return { draft, data, isDataRead: report.count === before }
}

/**
 * Reads an event in the JSON event format. Integers and booleans in extension attributes become their
 * canonical strings, `null` attributes count as absent. Data in `data_base64` is decoded as `datacontenttype`
 * says, and stays bytes where there is none (section 3.1.2).
 *
 * @throws EventFormatError with every finding; `poison` when the text is not JSON, not UTF-8 or no CloudEvent.
 */
export const fromStructured = (
  text: string | Uint8Array,
  options: CodecOptions = {},
): CloudEvent<unknown> => {
  const report = new FormatReport()
  const { draft, data } = readStructured(text, report, options)
  return finish(draft, data, report)
}
