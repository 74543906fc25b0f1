import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { demandPlain, isUtf8Charset, mediaTypeOf } from '../http/media-type.ts'
import type { BodyReader } from '../http/route.ts'
import { Refusal } from '../problem/refusal.ts'
import { isJson, isStructured } from './sent-event.ts'

const envelope = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).describe('The same for each attempt to send this event, so that it counts once.'),
    source: z.string().min(1).describe('A slash and the name of the caller: `/example-shop`.'),
    type: z.string().min(1).describe('Type with its major version: `order.submitted.v1`.'),
    datacontenttype: z.string().optional(),
    data: z.unknown().optional().describe('As the contract of the type describes it.'),
    data_base64: z.string().optional().describe('In place of `data`: Base64 of its JSON.'),
  })
  .describe('One CloudEvent in the JSON event format.')
  .meta({ id: 'CloudEvent' })

const data = z.unknown().describe('Data of an event whose attributes are in the `ce-` headers.')

/** The headers of binary mode, for /openapi.json. */
export const eventHeaders = z.object({
  'ce-specversion': z.literal('1.0').optional().describe('Binary mode: `1.0`.'),
  'ce-id': z.string().optional().describe('Binary mode: id of the event.'),
  'ce-source': z.string().optional().describe('Binary mode: a slash and the name of the caller.'),
  'ce-type': z.string().optional().describe('Binary mode: type with its major version.'),
})

const refuse = (detail: string) =>
  new Refusal(415, 'MESH_MEDIA_TYPE', detail, {
    headers: { accept: 'application/cloudevents+json, application/json' },
  })

/** @throws Refusal 415 for a batch, another event format, data that is no JSON, a charset that is not UTF-8, or a compressed body. */
const demandEvent = (headers: IncomingHttpHeaders): void => {
  demandPlain(headers)
  const { type, charset } = mediaTypeOf(headers['content-type'])
  const isFormat = type.startsWith('application/cloudevents')
  if (isFormat ? !isStructured(type) : !isJson(type))
    throw refuse(
      'One event is taken: as application/cloudevents+json, or as application/json with its attributes in `ce-` headers.',
    )
  if (!isUtf8Charset(charset)) throw refuse('JSON is read in UTF-8 only.')
}

/** Taken as it comes: in binary mode half of the event is in the headers. */
export const eventBody: BodyReader<Buffer> = {
  schema: envelope,
  types: { 'application/cloudevents+json': envelope, 'application/json': data },
  accept: demandEvent,
  decode: (bytes) => bytes,
}
