import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { CloudEvent } from './event.ts'
import { EventFormatError } from './format-error.ts'
import { fromHttp, toHttpBinary } from './http-binding.ts'
import { fromStructured, STRUCTURED_CONTENT_TYPE, toStructured } from './json-format.ts'
import { fromBinary, fromKafka, toBinary } from './kafka-binding.ts'

const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

const character = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => !FORBIDDEN.test(text)),
)
const text = fc.string({ unit: character, maxLength: 40 })
const filled = fc.string({ unit: character, minLength: 1, maxLength: 40 })
const source = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.uuid().map((uuid) => `urn:uuid:${uuid}`),
  fc.constantFrom('/shop', '1-555-123-4567', 'openedx/lms/web'),
)
const CORE = [
  'id',
  'source',
  'type',
  'subject',
  'time',
  'data',
  'specversion',
  'dataschema',
  'datacontenttype',
]
const extensionName = fc.stringMatching(/^[a-z0-9]{1,20}$/).filter((name) => !CORE.includes(name))
const years = {
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
}

const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)))
const payload = fc.oneof(
  fc.record({
    datacontenttype: fc.constantFrom(
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/vnd.example+json',
    ),
    data: json,
  }),
  fc.record({
    datacontenttype: fc.constantFrom('text/plain', 'application/xml; charset=UTF-8', 'image/svg+xml'),
    data: fc.string({ unit: 'binary', minLength: 1 }),
  }),
  fc.record({
    datacontenttype: fc.constantFrom(
      'application/octet-stream',
      'text/plain; charset=iso-8859-1',
      'application/avro',
    ),
    data: fc.uint8Array({ minLength: 1 }),
  }),
  fc.record({ data: fc.uint8Array({ minLength: 1 }) }),
  fc.record({ data: fc.constant(undefined) }),
)

const attributes = fc.record(
  {
    id: filled,
    source,
    type: filled,
    subject: filled,
    time: fc.date(years).map((date) => date.toISOString()),
    dataschema: fc.webUrl(),
    extensions: fc.dictionary(extensionName, text, { maxKeys: 5, noNullPrototype: true }),
  },
  { requiredKeys: ['id', 'source', 'type', 'extensions'] },
)

const event = fc
  .tuple(attributes, payload)
  .map(([context, content]): CloudEvent => ({ ...context, ...content }))

const asBytes = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, new Uint8Array(Buffer.from(value))]),
  )

describe('an event comes back as it was', () => {
  it('from the JSON format', () => {
    fc.assert(
      fc.property(event, (sent) => {
        const written = toStructured(sent)
        expect(fromStructured(written)).toEqual(sent)
        expect(fromStructured(new Uint8Array(Buffer.from(written)))).toEqual(sent)
      }),
    )
  })

  it('from a Kafka record in either mode, headers as text or bytes', () => {
    fc.assert(
      fc.property(event, (sent) => {
        const { headers, value } = toBinary(sent)
        expect(fromBinary(headers, value)).toEqual(sent)
        expect(fromKafka(asBytes(headers), value)).toEqual(sent)
        const structured = new Uint8Array(Buffer.from(toStructured(sent)))
        expect(fromKafka({ 'content-type': STRUCTURED_CONTENT_TYPE }, structured)).toEqual(sent)
      }),
    )
  })

  it('from HTTP in either mode', () => {
    fc.assert(
      fc.property(event, (sent) => {
        const { headers, body } = toHttpBinary(sent)
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/)
        expect(fromHttp(headers, body)).toEqual(sent)
        expect(fromHttp({ 'content-type': STRUCTURED_CONTENT_TYPE }, toStructured(sent))).toEqual(sent)
      }),
    )
  })

  it('across structured, Kafka and HTTP, one after the other', () => {
    fc.assert(
      fc.property(event, (sent) => {
        const viaKafka = toBinary(fromStructured(toStructured(sent)))
        const viaHttp = toHttpBinary(fromKafka(viaKafka.headers, viaKafka.value))
        expect(fromStructured(toStructured(fromHttp(viaHttp.headers, viaHttp.body)))).toEqual(sent)
      }),
    )
  })

  it('with its implied content type said, where JSON data had none', () => {
    fc.assert(
      fc.property(attributes, json, (context, data) => {
        const sent: CloudEvent = { ...context, data }
        const { headers, value } = toBinary(sent)
        expect(fromKafka(headers, value)).toEqual({ ...sent, datacontenttype: 'application/json' })
        expect(fromStructured(toStructured(sent))).toEqual(sent)
      }),
    )
  })

  it('without an extension that shadows what objects inherit', () => {
    const sent: CloudEvent = { id: '1', source: '/a', type: 't', extensions: { constructor: 'x' }, data: 1 }
    const read = fromStructured(toStructured(sent))
    expect(Object.entries(read.extensions)).toEqual([['constructor', 'x']])
  })
})

describe('whatever comes in', () => {
  const refusedOrRead = (read: () => CloudEvent): void => {
    try {
      expect(typeof read().id).toBe('string')
    } catch (error) {
      expect(error).toBeInstanceOf(EventFormatError)
    }
  }
  const headerName = fc.oneof(
    fc.constantFrom(
      'ce_id',
      'ce_source',
      'ce_type',
      'ce_specversion',
      'ce-id',
      'ce-source',
      'content-type',
      'ce_',
      'ce-',
    ),
    fc.string({ maxLength: 12 }),
  )
  const contentType = fc.constantFrom(
    'application/json',
    STRUCTURED_CONTENT_TYPE,
    'application/cloudevents+avro',
    'text/plain',
  )

  it('nothing but an EventFormatError is thrown on records', () => {
    const value = fc.option(fc.uint8Array({ maxLength: 60 }), { nil: null })
    const header = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), contentType)
    fc.assert(
      fc.property(fc.dictionary(headerName, header), value, (headers, body) => {
        refusedOrRead(() => fromKafka(headers, body))
        refusedOrRead(() => fromBinary(headers, body))
      }),
    )
  })

  it('nothing but an EventFormatError is thrown on HTTP messages', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      contentType,
      fc.array(fc.string(), { maxLength: 2 }),
    )
    fc.assert(
      fc.property(fc.dictionary(headerName, header), fc.string({ unit: 'binary' }), (headers, body) => {
        refusedOrRead(() => fromHttp(headers, body))
      }),
    )
  })

  it('nothing but an EventFormatError is thrown on text', () => {
    const members = fc.dictionary(
      fc.oneof(
        fc.constantFrom('id', 'source', 'type', 'specversion', 'data', 'data_base64', '__proto__'),
        fc.string(),
      ),
      fc.jsonValue({ maxDepth: 1 }),
    )
    fc.assert(fc.property(members, (object) => refusedOrRead(() => fromStructured(JSON.stringify(object)))))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (string) => refusedOrRead(() => fromStructured(string))),
    )
    fc.assert(fc.property(fc.uint8Array(), (raw) => refusedOrRead(() => fromStructured(raw))))
  })
})
