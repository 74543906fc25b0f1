import { describe, expect, it } from '@jest/globals'
import { fromHttp, toHttpBinary } from './http-binding.ts'
import { fromStructured, toStructured } from './json-format.ts'
import { fromBinary, fromKafka, toBinary } from './kafka-binding.ts'

// The example events of the CloudEvents 1.0 specification (github.com/cloudevents/spec), as facts. Where an example
// has a placeholder for its data ("... base64 encoded string ..."), data of our own stands in its place.

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

const extensions = { comexampleextension1: 'value', comexampleothervalue: 5 }
const headerExtensions = { 'ce-comexampleextension1': 'value', 'ce-comexampleothervalue': '5' }
const common = {
  specversion: '1.0',
  type: 'com.example.someevent',
  source: '/mycontext',
  time: '2018-04-05T17:31:00Z',
}
const commonHeaders = {
  'ce-specversion': '1.0',
  'ce-type': 'com.example.someevent',
  'ce-source': '/mycontext',
  'ce-time': '2018-04-05T17:31:00Z',
}

/** "JSON Event Format" section 3.2: each event in the JSON format and re-encoded in HTTP binary mode. */
const FORMAT_EXAMPLES = [
  {
    name: 'binary data',
    json: {
      ...common,
      id: 'A234-1234-1234',
      ...extensions,
      datacontenttype: 'application/vnd.apache.thrift.binary',
      data_base64: 'AAEC/w==',
    },
    headers: {
      ...commonHeaders,
      'ce-id': 'A234-1234-1234',
      ...headerExtensions,
      'content-type': 'application/vnd.apache.thrift.binary',
    },
    body: new Uint8Array([0, 1, 2, 255]),
    data: new Uint8Array([0, 1, 2, 255]),
  },
  {
    name: 'an XML document as text, and an unset extension',
    json: {
      ...common,
      id: 'B234-1234-1234',
      ...extensions,
      unsetextension: null,
      datacontenttype: 'application/xml',
      data: '<much wow="xml"/>',
    },
    headers: {
      ...commonHeaders,
      'ce-id': 'B234-1234-1234',
      ...headerExtensions,
      'content-type': 'application/xml',
    },
    body: bytes('<much wow="xml"/>'),
    data: '<much wow="xml"/>',
  },
  {
    name: 'a JSON object, and a null subject',
    json: {
      ...common,
      subject: null,
      id: 'C234-1234-1234',
      ...extensions,
      datacontenttype: 'application/json',
      data: { appinfoA: 'abc', appinfoB: 123, appinfoC: true },
    },
    headers: {
      ...commonHeaders,
      'ce-id': 'C234-1234-1234',
      ...headerExtensions,
      'content-type': 'application/json',
    },
    body: bytes('{\n  "appinfoA" : "abc",\n  "appinfoB" : 123,\n  "appinfoC" : true\n}'),
    data: { appinfoA: 'abc', appinfoB: 123, appinfoC: true },
  },
  {
    name: 'a JSON number',
    json: {
      ...common,
      subject: null,
      id: 'C234-1234-1234',
      ...extensions,
      datacontenttype: 'application/json',
      data: 1.5,
    },
    headers: {
      ...commonHeaders,
      'ce-id': 'C234-1234-1234',
      ...headerExtensions,
      'content-type': 'application/json',
    },
    body: bytes('1.5'),
    data: 1.5,
  },
  {
    name: 'a JSON string without datacontenttype',
    json: { ...common, subject: null, id: 'D234-1234-1234', ...extensions, data: "I'm just a string" },
    headers: {
      ...commonHeaders,
      'ce-id': 'D234-1234-1234',
      ...headerExtensions,
      'content-type': 'application/json',
    },
    body: bytes('"I\'m just a string"'),
    data: "I'm just a string",
  },
  {
    name: 'bytes without datacontenttype, though they look like JSON',
    json: {
      specversion: '1.0',
      type: 'com.example.someevent',
      source: '/mycontext',
      id: 'D234-1234-1234',
      data_base64: 'eyAieHl6IjogMTIzIH0=',
    },
    headers: {
      'ce-specversion': '1.0',
      'ce-type': 'com.example.someevent',
      'ce-source': '/mycontext',
      'ce-id': 'D234-1234-1234',
    },
    body: bytes('{ "xyz": 123 }'),
    data: bytes('{ "xyz": 123 }'),
  },
]

const parsed = (body: Uint8Array, contentType: string | undefined) =>
  contentType === 'application/json'
    ? JSON.parse(Buffer.from(body).toString())
    : Buffer.from(body).toString('latin1')

describe.each(FORMAT_EXAMPLES)('JSON format 3.2: $name', ({ json, headers, body, data }) => {
  const contentType = headers['content-type' as keyof typeof headers]

  it('is read from the JSON format', () => {
    const event = fromStructured(JSON.stringify(json))
    expect(event).toMatchObject({ id: json.id, source: '/mycontext', type: 'com.example.someevent' })
    expect(event.data).toEqual(data)
    expect(event).not.toHaveProperty('subject')
    expect(event.extensions).toEqual(
      'time' in json ? { comexampleextension1: 'value', comexampleothervalue: '5' } : {},
    )
  })

  it('is re-encoded for HTTP as the specification shows', () => {
    const message = toHttpBinary(fromStructured(JSON.stringify(json)))
    expect(message.headers).toEqual(headers)
    expect(parsed(message.body, contentType)).toEqual(parsed(body, contentType))
  })

  it('is read from HTTP, and re-encoded in the JSON format', () => {
    const event = fromHttp(headers, body)
    expect(event.data).toEqual(data)
    const { unsetextension: _, subject: __, ...set } = { unsetextension: null, subject: null, ...json }
    const attributes = 'time' in json ? { comexampleothervalue: '5' } : {}
    const implied = contentType === undefined ? {} : { datacontenttype: contentType }
    expect(JSON.parse(toStructured(event))).toEqual({ ...set, ...attributes, ...implied })
  })
})

describe('CloudEvents 1.0 "Example"', () => {
  it('is read', () => {
    const event = fromStructured(`{
      "specversion" : "1.0",
      "type" : "com.github.pull_request.opened",
      "source" : "https://github.com/cloudevents/spec/pull",
      "subject" : "123",
      "id" : "A234-1234-1234",
      "time" : "2018-04-05T17:31:00Z",
      "comexampleextension1" : "value",
      "comexampleothervalue" : 5,
      "datacontenttype" : "text/xml",
      "data" : "<much wow=\\"xml\\"/>"
    }`)
    expect(event).toEqual({
      type: 'com.github.pull_request.opened',
      source: 'https://github.com/cloudevents/spec/pull',
      subject: '123',
      id: 'A234-1234-1234',
      time: '2018-04-05T17:31:00Z',
      datacontenttype: 'text/xml',
      extensions: { comexampleextension1: 'value', comexampleothervalue: '5' },
      data: '<much wow="xml"/>',
    })
  })
})

describe('Kafka protocol binding', () => {
  const attributes = {
    type: 'com.example.someevent',
    source: '/mycontext/subcontext',
    id: '1234-1234-1234',
    time: '2018-04-05T03:56:24Z',
  }
  const headers = {
    ce_specversion: '1.0',
    ce_type: 'com.example.someevent',
    ce_source: '/mycontext/subcontext',
    ce_id: '1234-1234-1234',
    ce_time: '2018-04-05T03:56:24Z',
    'content-type': 'application/avro',
  }
  const avro = new Uint8Array([6, 102, 111, 111])

  it('3.2.5: binary mode, both ways', () => {
    const event = { ...attributes, datacontenttype: 'application/avro', extensions: {}, data: avro }
    expect(fromKafka(headers, avro)).toEqual(event)
    expect(toBinary(event)).toEqual({ headers, value: avro })
  })

  it('3.3.4: structured mode, told by content-type', () => {
    const value = bytes(
      JSON.stringify({ specversion: '1.0', ...attributes, datacontenttype: 'application/xml', data: '<a/>' }),
    )
    const event = fromKafka({ 'content-type': 'application/cloudevents+json; charset=UTF-8' }, value)
    expect(event).toEqual({ ...attributes, datacontenttype: 'application/xml', extensions: {}, data: '<a/>' })
  })

  it('3: the media type is matched in any case', () => {
    const value = bytes(toStructured({ ...attributes, extensions: {}, data: 1 }))
    expect(fromKafka({ 'content-type': bytes('Application/CloudEvents+JSON') }, value).data).toBe(1)
  })

  it('3.2.2: no data is no value, both ways', () => {
    const event = { ...attributes, extensions: {}, data: undefined }
    const { 'content-type': _, ...bare } = headers
    expect(toBinary(event)).toEqual({ headers: bare, value: null })
    expect(fromBinary(bare, null)).toEqual(event)
  })

  it('3.1: reads what the Open edX event bus writes: ce_datacontenttype instead of content-type', () => {
    const { 'content-type': _, ...bare } = headers
    const event = fromKafka(
      { ...bare, ce_datacontenttype: 'application/avro', ce_minorversion: '0', sourcehost: 'lms' },
      avro,
    )
    expect(event).toMatchObject({
      datacontenttype: 'application/avro',
      extensions: { minorversion: '0' },
      data: avro,
    })
  })

  it('takes content-type over ce_datacontenttype', () => {
    expect(fromKafka({ ...headers, ce_datacontenttype: 'application/json' }, avro).datacontenttype).toBe(
      'application/avro',
    )
  })
})

describe('HTTP protocol binding', () => {
  const attributes = {
    type: 'com.example.someevent',
    source: '/mycontext/subcontext',
    id: '1234-1234-1234',
    time: '2018-04-05T03:56:24Z',
  }

  it('3.1.4: binary mode, header names in any case', () => {
    const headers = {
      Host: 'webhook.example.com',
      'ce-specversion': '1.0',
      'CE-Type': 'com.example.someevent',
      'ce-time': '2018-04-05T03:56:24Z',
      'ce-id': '1234-1234-1234',
      'ce-source': '/mycontext/subcontext',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': '11',
    }
    expect(fromHttp(headers, '{"a": "b"}\n')).toEqual({
      ...attributes,
      datacontenttype: 'application/json; charset=utf-8',
      extensions: {},
      data: { a: 'b' },
    })
  })

  it('3.2.4: structured mode', () => {
    const body = JSON.stringify({ specversion: '1.0', ...attributes, data: { a: 'b' } })
    const event = fromHttp({ 'content-type': 'application/cloudevents+json; charset=utf-8' }, body)
    expect(event).toEqual({ ...attributes, extensions: {}, data: { a: 'b' } })
  })

  it('3.1.3.2: "Euro € 😀" is percent-encoded as shown', () => {
    const event = { ...attributes, subject: 'Euro € 😀', extensions: {}, data: undefined }
    const { headers } = toHttpBinary(event)
    expect(headers['ce-subject']).toBe('Euro%20%E2%82%AC%20%F0%9F%98%80')
    expect(fromHttp(headers, null).subject).toBe('Euro € 😀')
  })
})
