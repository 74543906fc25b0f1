import { z } from 'zod'
import { isEncoded, isUtf8Charset, mediaTypeOf } from '../http/media-type.ts'
import type { BodyReader } from '../http/route.ts'
import { JsonFault, parseJson } from '../json/parse-json.ts'
import { DrfRefusal } from './drf-refusal.ts'
import { type Field, boolean, integer, orNull, posixTime, text } from './fields.ts'

/** The request of the 2023 Coordinator, by its internal names (interop section 7). */
export type FulfillRequest = {
  readonly course_id: string
  readonly course_mode: string
  /** RFC 3339. */
  readonly date_placed: string
  readonly edx_lms_user_id: number
  readonly email_opt_in: boolean
  readonly order_number: string
  readonly provider_id: string | null
}

/** Name in the request, internal name (which error bodies use) and rule, in the order of the serializer. */
const FIELDS: readonly (readonly [outside: string, inside: keyof FulfillRequest, field: Field<unknown>])[] = [
  ['course_id', 'course_id', text],
  ['course_mode', 'course_mode', text],
  ['order_placed', 'date_placed', posixTime],
  ['edx_lms_user_id', 'edx_lms_user_id', integer],
  ['email_opt_in', 'email_opt_in', boolean],
  ['order_number', 'order_number', text],
  ['provider', 'provider_id', orNull(text)],
]

const pythonType = (value: unknown): string => {
  if (value === null) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return typeof value === 'boolean' ? 'bool' : 'str'
}

/** Reads the fields; names that the Coordinator did not know are ignored, as it did. @throws DrfRefusal 400 */
const readFulfillRequest = (body: unknown): FulfillRequest => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const message = `Invalid data. Expected a dictionary, but got ${pythonType(body)}.`
    throw new DrfRefusal(400, { non_field_errors: [message] })
  }
  const given = new Map(Object.entries(body))
  const read = FIELDS.map(([outside, inside, field]) => [inside, field(given.get(outside))] as const)
  const wrong = read.flatMap(([inside, parsed]) =>
    'messages' in parsed ? [[inside, parsed.messages] as const] : [],
  )
  if (wrong.length > 0) throw new DrfRefusal(400, Object.fromEntries(wrong))
  return Object.fromEntries(
    read.map(([inside, parsed]) => [inside, 'value' in parsed ? parsed.value : undefined]),
  ) as FulfillRequest
}

/** For /openapi.json only: what the field rules above accept, roughly. */
const described = z
  .object({
    course_id: z.string(),
    course_mode: z.string(),
    order_placed: z
      .union([z.number(), z.string()])
      .describe('POSIX timestamp in seconds, a number or one in a string.'),
    edx_lms_user_id: z.int(),
    email_opt_in: z.union([z.boolean(), z.literal([0, 1])]),
    order_number: z.string(),
    provider: z.string().nullable().optional().describe('Credit provider.'),
  })
  .meta({ id: 'TitanFulfillRequest' })

const isEmpty = (headers: {
  'content-length'?: string | undefined
  'transfer-encoding'?: string | undefined
}) => headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'

const decode = (bytes: Buffer, maxDepth: number): FulfillRequest => {
  try {
    return readFulfillRequest(bytes.length === 0 ? {} : parseJson(bytes, maxDepth))
  } catch (thrown) {
    if (thrown instanceof JsonFault)
      throw new DrfRefusal(400, { detail: `JSON parse error - ${thrown.python}` })
    throw thrown
  }
}

/** The body of `POST /titan/fulfill/`: JSON only, refused in Django REST framework's words. */
export const fulfillBody = (maxDepth: number): BodyReader<FulfillRequest> => ({
  schema: described,
  accept: (headers) => {
    if (isEmpty(headers)) return
    const { type, charset } = mediaTypeOf(headers['content-type'])
    if (type === 'application/json' && isUtf8Charset(charset) && !isEncoded(headers)) return
    throw new DrfRefusal(415, {
      detail: `Unsupported media type "${headers['content-type'] ?? ''}" in request.`,
    })
  },
  decode: (bytes) => decode(bytes, maxDepth),
})
