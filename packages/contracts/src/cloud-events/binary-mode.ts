import type { Draft } from './draft.ts'
import { checkDraft, finish } from './draft.ts'
import type { CloudEvent } from './event.ts'
import type { FormatReport } from './format-report.ts'
import { decodePayload, encodePayload, isBytes, JSON_TYPE } from './payload.ts'

const CLOUD_EVENTS = /^application\/cloudevents/i
const JSON_FORMAT = /^application\/cloudevents\+json[ \t]*(?:;|$)/i

/** How a message carries its event, by its `content-type` (Kafka binding 3, HTTP binding 3). */
export const contentMode = (contentType: string | undefined): 'binary' | 'structured' | 'unsupported' => {
  if (contentType === undefined || contentType === JSON_TYPE || !CLOUD_EVENTS.test(contentType))
    return 'binary'
  return JSON_FORMAT.test(contentType) ? 'structured' : 'unsupported'
}

/** The error for an event format, or a batch, that the mesh does not read. */
export const unsupportedFormat = (report: FormatReport): Error => {
  report.poison(
    '',
    'is a batch or in an event format that is not read here: send application/cloudevents+json, or binary mode',
  )
  return report.error()
}

/** Content type of an event in binary mode: what was implied in the JSON format is said ("JSON event format" 3.1.2). */
export const binaryContentType = (event: CloudEvent): string | undefined =>
  event.datacontenttype ?? (event.data === undefined || isBytes(event.data) ? undefined : JSON_TYPE)

/**
 * Bytes of an event's data, or null where it has none.
 *
 * @throws EventFormatError with all that was noted about the event so far.
 */
export const binaryBody = (
  event: CloudEvent,
  contentType: string | undefined,
  report: FormatReport,
): Uint8Array | null => {
  if (contentMode(contentType) !== 'binary') {
    report.breach(
      'datacontenttype',
      'must not be a CloudEvents type in binary mode: a reader would take the data for the event',
    )
  }
  report.throwIfAny()
  return event.data === undefined ? null : encodePayload(contentType ?? '', event.data, report)
}

/**
 * The event of a draft whose headers are read.
 *
 * @throws EventFormatError with every finding.
 */
export const readBinary = (
  draft: Draft,
  body: Uint8Array | null,
  report: FormatReport,
): CloudEvent<unknown> => {
  checkDraft(draft, report)
  const data = body === null ? undefined : decodePayload(draft.attributes.datacontenttype, body, report)
  return finish(draft, data, report)
}
