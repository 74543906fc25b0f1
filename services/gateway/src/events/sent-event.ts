import { type CloudEvent, EventFormatError, type Finding, fromHttp } from '@commerce-mesh/contracts'
import { mediaTypeOf } from '../http/media-type.ts'
import { JsonFault, parseJson } from '../json/parse-json.ts'
import { undecodable } from './event-refusal.ts'

/** An event as it was sent. Where it breaks the rules of CloudEvents, only what it claims to be: so its sender learns at once what else is wrong. */
export type SentEvent = {
  readonly event?: CloudEvent
  readonly type: string | undefined
  readonly source: string | undefined
  /** Absent where nobody can tell what its data is. */
  readonly data?: { readonly value: unknown }
  /** Rules of CloudEvents that it breaks. */
  readonly findings: readonly Finding[]
}

/** Each header with its lines, names in lower case. */
export type HeaderLines = Readonly<Record<string, readonly string[] | undefined>>

/** Whether bytes of a media type are JSON: `application/json`, or a type that ends in `+json`. */
export const isJson = (contentType: string | undefined): boolean =>
  /[/+]json$/.test(mediaTypeOf(contentType).type)

/** Whether a message is in structured mode: the event is the body. In binary mode its attributes are headers. */
export const isStructured = (contentType: string | undefined): boolean =>
  mediaTypeOf(contentType).type === 'application/cloudevents+json'

/** As strict as with every other body; the CloudEvents codec reads what JSON.parse reads. @throws Refusal 400 */
const strictJson = (bytes: Buffer, maxDepth: number, path: string): unknown => {
  try {
    return parseJson(bytes, maxDepth)
  } catch (thrown) {
    if (thrown instanceof JsonFault)
      throw undecodable([{ path, message: `is not acceptable JSON: ${thrown.message}` }])
    throw thrown
  }
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** A header that came once, and holds nothing that would have to be decoded. */
const plainLine = (lines: HeaderLines, name: string): string | undefined => {
  const [line, ...more] = lines[name] ?? []
  return more.length > 0 || line?.includes('%') === true ? undefined : line
}

type Claim = Omit<SentEvent, 'event' | 'findings'> & {
  /** Data that stands in the body as Base64 of JSON. */
  readonly inside?: Buffer
}

/** JSON within Base64, which is JSON all the same; bytes of any other kind break the contract. */
const insideOf = ({
  data_base64: base64,
  datacontenttype,
}: Readonly<Record<string, unknown>>): Buffer | undefined =>
  typeof base64 === 'string' && isJson(textOf(datacontenttype)) ? Buffer.from(base64, 'base64') : undefined

const claimInBody = (body: Buffer, maxDepth: number): Claim => {
  const members = membersOf(strictJson(body, maxDepth, 'event'))
  const inside = insideOf(members)
  const isPlain = members['data'] !== undefined && members['data_base64'] === undefined
  return {
    type: textOf(members['type']),
    source: textOf(members['source']),
    ...(isPlain && { data: { value: members['data'] } }),
    ...(inside !== undefined && { inside }),
  }
}

const claimInHeaders = (lines: HeaderLines, body: Buffer, maxDepth: number): Claim => ({
  type: plainLine(lines, 'ce-type'),
  source: plainLine(lines, 'ce-source'),
  ...(body.length > 0 && { data: { value: strictJson(body, maxDepth, 'data') } }),
})

/**
 * Reads an HTTP message in binary or structured mode.
 *
 * @param body - in binary mode JSON: other media types were refused before.
 * @param maxDepth - deepest nesting of JSON.
 * @throws Refusal 400 when it can't be decoded.
 */
export const readSentEvent = (lines: HeaderLines, body: Buffer, maxDepth: number): SentEvent => {
  const { inside, ...claim } = isStructured(lines['content-type']?.[0])
    ? claimInBody(body, maxDepth)
    : claimInHeaders(lines, body, maxDepth)
  try {
    const event = fromHttp(lines, body)
    if (inside !== undefined && inside.length > 0) strictJson(inside, maxDepth, 'data_base64')
    return { event, type: event.type, source: event.source, data: { value: event.data }, findings: [] }
  } catch (thrown) {
    if (!(thrown instanceof EventFormatError)) throw thrown
    if (thrown.kind === 'poison') throw undecodable(thrown.findings)
    return { ...claim, findings: thrown.findings }
  }
}
