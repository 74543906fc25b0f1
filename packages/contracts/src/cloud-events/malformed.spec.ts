import { describe, expect, it } from '@jest/globals'
import type { CloudEvent } from './event.ts'
import { EventFormatError } from './format-error.ts'
import { fromHttp, toHttpBinary } from './http-binding.ts'
import { fromStructured, STRUCTURED_CONTENT_TYPE, toStructured } from './json-format.ts'
import { fromBinary, fromKafka, toBinary } from './kafka-binding.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const INVALID_UTF8 = new Uint8Array([0x7b, 0xff, 0x7d])

const CYCLE: Record<string, unknown> = {}
CYCLE['self'] = CYCLE

const refusal = (act: () => unknown): { kind: string; findings: string[] } => {
  try {
    act()
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error
    return { kind: error.kind, findings: error.findings.map(({ path, message }) => `${path}: ${message}`) }
  }
  throw new Error('was not refused')
}

const good = { specversion: '1.0', id: '1', source: '/shop', type: 'order.placed.v1' }
const goodHeaders = { ce_specversion: '1.0', ce_id: '1', ce_source: '/shop', ce_type: 'order.placed.v1' }
const goodHttp = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 'order.placed.v1' }

const structured = (members: object) => refusal(() => fromStructured(JSON.stringify({ ...good, ...members })))
const binary = (headers: Record<string, string | Uint8Array>, value: Uint8Array | null = null) =>
  refusal(() => fromBinary({ ...goodHeaders, ...headers }, value))
const http = (headers: Record<string, string | string[]>, body = '') =>
  refusal(() => fromHttp({ ...goodHttp, ...headers }, body))

describe('poison: what can not be decoded', () => {
  it.each([
    ['', ': is not valid JSON'],
    ['{"id":', ': is not valid JSON'],
    ['alice@example.org', ': is not valid JSON'],
    ['[]', ': is not a JSON object'],
    ['null', ': is not a JSON object'],
    ['"text"', ': is not a JSON object'],
    ['7', ': is not a JSON object'],
    ['['.repeat(500_000), ': is not valid JSON'],
    ['{}', ': has no CloudEvents attributes (specversion, id, source, type)'],
    ['{"orderNumber":"EDX-1"}', ': has no CloudEvents attributes (specversion, id, source, type)'],
  ])('structured %.30j', (text, finding) => {
    expect(refusal(() => fromStructured(text))).toMatchObject({
      kind: 'poison',
      findings: expect.arrayContaining([finding]),
    })
  })

  it('structured: invalid UTF-8', () => {
    expect(refusal(() => fromStructured(INVALID_UTF8))).toEqual({
      kind: 'poison',
      findings: [': is not valid UTF-8'],
    })
  })

  it.each(['not base64!', 'AA', 'AAA', 'AB==', 'AA==\n', 'AA-_', '===='])(
    'structured: data_base64 %j',
    (encoded) => {
      expect(structured({ data_base64: encoded })).toEqual({
        kind: 'poison',
        findings: ['data_base64: is not valid Base64'],
      })
    },
  )

  it('structured: data_base64 that is no text, or does not hold what datacontenttype says', () => {
    expect(structured({ data_base64: 5 }).findings).toEqual(['data_base64: is not valid Base64'])
    const broken = { datacontenttype: 'application/json', data_base64: Buffer.from('{').toString('base64') }
    expect(structured(broken)).toEqual({ kind: 'poison', findings: ['data: is not valid JSON'] })
  })

  it('Kafka: no headers, or none of CloudEvents', () => {
    const none = {
      kind: 'poison',
      findings: [': has no CloudEvents attributes (specversion, id, source, type)'],
    }
    expect(refusal(() => fromKafka({}, bytes('{}')))).toEqual(none)
    expect(refusal(() => fromBinary({ sourcehost: 'lms' }, null))).toEqual(none)
  })

  it('Kafka: data that is not what content-type says', () => {
    expect(binary({ 'content-type': 'application/json' }, bytes('{'))).toEqual({
      kind: 'poison',
      findings: ['data: is not valid JSON'],
    })
    expect(binary({ 'content-type': 'application/json' }, INVALID_UTF8).findings).toEqual([
      'data: is not valid UTF-8',
    ])
    expect(binary({ 'content-type': 'text/plain' }, INVALID_UTF8).findings).toEqual([
      'data: is not valid UTF-8',
    ])
  })

  it('Kafka: headers that are not UTF-8, all of them named', () => {
    expect(binary({ ce_subject: INVALID_UTF8, ce_foo: INVALID_UTF8 })).toEqual({
      kind: 'poison',
      findings: ['ce_subject: is not valid UTF-8', 'ce_foo: is not valid UTF-8'],
    })
    expect(fromBinary({ ...goodHeaders, other: INVALID_UTF8 }, null).id).toBe('1')
  })

  it('Kafka: structured mode without a value', () => {
    expect(refusal(() => fromKafka({ 'content-type': STRUCTURED_CONTENT_TYPE }, null)).kind).toBe('poison')
  })

  it.each([
    'application/cloudevents+avro',
    'application/cloudevents',
    'application/cloudevents-batch+json',
    'Application/CloudEvents+Protobuf',
  ])('the event format %p', (contentType) => {
    const finding = expect.stringContaining('batch or in an event format that is not read here')
    expect(refusal(() => fromKafka({ ...goodHeaders, 'content-type': contentType }, bytes('[]')))).toEqual({
      kind: 'poison',
      findings: [finding],
    })
    expect(refusal(() => fromHttp({ ...goodHttp, 'Content-Type': contentType }, '[]')).findings).toEqual([
      finding,
    ])
  })

  it('HTTP: header values that are not percent-encoded UTF-8', () => {
    expect(http({ 'ce-subject': '%C0%A0', 'ce-foo': 'é' })).toEqual({
      kind: 'poison',
      findings: [
        'subject: is not a percent-encoded UTF-8 header value',
        'foo: is not a percent-encoded UTF-8 header value',
      ],
    })
  })

  it('is poison as soon as one finding is, with the others listed', () => {
    const { kind, findings } = binary(
      { ce_specversion: '0.3', 'content-type': 'application/json' },
      bytes('{'),
    )
    expect({ kind, findings }).toEqual({
      kind: 'poison',
      findings: ['specversion: must be 1.0', 'data: is not valid JSON'],
    })
  })
})

describe('contract: what can be read but breaks a rule', () => {
  it('lists every finding at once', () => {
    const members = {
      specversion: '0.3',
      id: '',
      source: 'a b',
      type: null,
      subject: '',
      time: 'now',
      datacontenttype: 'json',
      dataschema: '/x',
      traceParent: '1',
      float: 1.5,
      list: [],
      nested: {},
      large: 2 ** 31,
      data: 1,
      data_base64: 'AAE=',
    }
    expect(structured(members)).toEqual({
      kind: 'contract',
      findings: [
        'traceParent: is not an attribute name: only the letters a to z and digits are allowed',
        'float: must be text, a boolean or a 32-bit integer',
        'list: must be text, a boolean or a 32-bit integer',
        'nested: must be text, a boolean or a 32-bit integer',
        'large: must be text, a boolean or a 32-bit integer',
        'specversion: must be 1.0',
        'id: must not be empty',
        'source: must be an RFC 3986 URI-reference, such as /shop or https://shop.example.org',
        'type: is missing',
        'subject: must not be empty',
        'time: must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z',
        'datacontenttype: must be a media type, such as application/json',
        'dataschema: must be a URI with a scheme, such as https://example.org/schemas/order',
        'data_base64: must not be sent together with data',
      ],
    })
  })

  it.each(['specversion', 'id', 'source', 'type'])('%s is missing', (name) => {
    const { [name]: _, ...rest } = good as Record<string, string>
    expect(refusal(() => fromStructured(JSON.stringify(rest)))).toEqual({
      kind: 'contract',
      findings: [`${name}: is missing`],
    })
    const { [`ce_${name}`]: __, ...headers } = goodHeaders as Record<string, string>
    expect(refusal(() => fromKafka(headers, null))).toEqual({
      kind: 'contract',
      findings: [`${name}: is missing`],
    })
    const { [`ce-${name}`]: ___, ...lines } = goodHttp as Record<string, string>
    expect(refusal(() => fromHttp(lines, null))).toEqual({
      kind: 'contract',
      findings: [`${name}: is missing`],
    })
  })

  it.each(['1', '1.0.2', '0.3', '2.0', ''])('specversion %j', (specversion) => {
    expect(structured({ specversion }).findings).toEqual(['specversion: must be 1.0'])
  })

  it.each(['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'])(
    '%s is empty',
    (name) => {
      expect(structured({ [name]: '' }).findings).toEqual([`${name}: must not be empty`])
      const header = name === 'datacontenttype' ? 'content-type' : `ce_${name}`
      expect(binary({ [header]: '' }).findings).toEqual([`${name}: must not be empty`])
    },
  )

  it.each(['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'])(
    '%s is not text',
    (name) => {
      expect(structured({ [name]: 5 }).findings).toContain(`${name}: must be text`)
    },
  )

  it.each(['Upper', 'with-dash', 'with_underscore', 'Ünicode', '', '__proto__', 'a b'])(
    'attribute name %j',
    (name) => {
      const findings = [expect.stringMatching(/(is not an attribute name|unusual name)/)]
      expect(
        refusal(() =>
          fromStructured(
            `{"specversion":"1.0","id":"1","source":"/","type":"t",${JSON.stringify(name)}:"x"}`,
          ),
        ),
      ).toEqual({ kind: 'contract', findings })
      expect(binary(JSON.parse(`{${JSON.stringify(`ce_${name}`)}:"x"}`)).findings).toEqual(findings)
    },
  )

  it('an attribute named data, which event formats have taken', () => {
    expect(binary({ ce_data: 'x' }).findings).toEqual([
      "data: must not be an extension's name: the specification has taken it",
    ])
  })

  it('attribute text with control characters or a lone surrogate', () => {
    const finding = 'must not hold control characters, noncharacters or lone surrogates'
    expect(structured({ id: 'a\nb', foo: '\ud800' }).findings).toEqual([`id: ${finding}`, `foo: ${finding}`])
    expect(http({ 'ce-foo': 'a%0Ab' }).findings).toEqual([`foo: ${finding}`])
  })

  it('data that is no text under a media type that is not JSON', () => {
    const finding = 'data: must be text or bytes, as datacontenttype is not JSON'
    expect(structured({ datacontenttype: 'application/xml', data: { a: 1 } })).toEqual({
      kind: 'contract',
      findings: [finding],
    })
    expect(
      fromStructured(JSON.stringify({ ...good, datacontenttype: 'application/xml', data: null })).data,
    ).toBeUndefined()
  })

  it('Kafka: a header that came more than once', () => {
    expect(refusal(() => fromKafka({ ...goodHeaders, ce_subject: ['a', bytes('b')] }, null))).toEqual({
      kind: 'contract',
      findings: ['ce_subject: must not be sent more than once'],
    })
  })

  it('HTTP: a header that came more than once, in one list or in two cases', () => {
    const finding = 'ce-id: must not be sent more than once'
    expect(http({ 'ce-id': ['1', '2'] }).findings).toEqual([finding])
    expect(http({ 'Ce-Id': '2' })).toEqual({ kind: 'contract', findings: [finding] })
    expect(fromHttp({ ...goodHttp, cookie: ['a', 'b'], 'ce-subject': undefined }, null).id).toBe('1')
  })

  it('HTTP: ce-datacontenttype, which must not be there', () => {
    expect(http({ 'ce-datacontenttype': 'application/json' }).findings).toEqual([
      'ce-datacontenttype: must not be sent: content-type says it',
    ])
  })
})

describe('what is lenient on purpose', () => {
  it('empty JSON bytes are no data, as is an empty HTTP body', () => {
    expect(
      fromBinary({ ...goodHeaders, 'content-type': 'application/json' }, new Uint8Array()).data,
    ).toBeUndefined()
    expect(fromHttp({ ...goodHttp, 'content-type': 'text/plain' }, '').data).toBeUndefined()
  })

  it('a byte order mark before JSON', () => {
    expect(fromStructured(`\ufeff${JSON.stringify(good)}`).id).toBe('1')
    expect(fromStructured(bytes(`\ufeff${JSON.stringify(good)}`)).id).toBe('1')
  })

  it('a byte order mark in text is part of the text', () => {
    expect(fromBinary({ ...goodHeaders, 'content-type': 'text/plain' }, bytes('\ufefftext')).data).toBe(
      '\ufefftext',
    )
  })

  it('JSON in data_base64 is decoded, as it would be in binary mode', () => {
    const data_base64 = Buffer.from('{"a":1}').toString('base64')
    expect(
      fromStructured(JSON.stringify({ ...good, datacontenttype: 'application/json', data_base64 })).data,
    ).toEqual({ a: 1 })
  })

  it('null is data, absence is none', () => {
    expect(fromStructured(JSON.stringify({ ...good, data: null })).data).toBeNull()
    expect(fromStructured(JSON.stringify(good)).data).toBeUndefined()
    expect(fromStructured(JSON.stringify({ ...good, data_base64: null })).data).toBeUndefined()
  })

  it('booleans and integers become canonical text', () => {
    const { extensions } = fromStructured(
      JSON.stringify({ ...good, yes: true, no: false, least: -(2 ** 31), zero: 0 }),
    )
    expect(extensions).toEqual({ yes: 'true', no: 'false', least: '-2147483648', zero: '0' })
  })
})

describe('writing is as strict as reading', () => {
  const event: CloudEvent = { id: '1', source: '/shop', type: 't', extensions: {}, data: { a: 1 } }
  const writers = { toStructured, toBinary, toHttpBinary }
  const untyped = (members: object) => ({ ...event, ...members }) as unknown as CloudEvent

  describe.each(Object.entries(writers))('%s', (_, write) => {
    it.each([
      ['an empty id', { id: '' }, 'id: must not be empty'],
      ['an id that is no text', { id: 5 }, 'id: must be text'],
      ['no source', { source: undefined }, 'source: is missing'],
      [
        'a time that is none',
        { time: 'now' },
        'time: must be an RFC 3339 timestamp, such as 2026-01-02T03:04:05Z',
      ],
      [
        'an extension name',
        { extensions: { traceParent: '1' } },
        'traceParent: is not an attribute name: only the letters a to z and digits are allowed',
      ],
      [
        'an extension that shadows an attribute',
        { extensions: { id: '2' } },
        "id: must not be an extension's name: the specification has taken it",
      ],
      ['an extension that is no text', { extensions: { attempt: 2 } }, 'attempt: must be text'],
      ['a cycle', { data: CYCLE }, 'data: must be data that JSON can hold'],
      ['a bigint', { data: 1n }, 'data: must be data that JSON can hold'],
      [
        'an object that is to be text',
        { datacontenttype: 'text/plain' },
        'data: must be text or bytes, as datacontenttype is not JSON',
      ],
    ])('refuses %s', (__, members, finding) => {
      expect(refusal(() => write(untyped(members)))).toEqual({ kind: 'contract', findings: [finding] })
    })

    it('refuses a function as data', () => {
      expect(refusal(() => write(untyped({ data: () => 1 }))).findings).toEqual([
        'data: must be data that JSON can hold',
      ])
    })
  })

  it.each([toBinary, toHttpBinary])(
    'refuses data whose media type would be taken for the event itself: %p',
    (write) => {
      const { kind, findings } = refusal(() =>
        write({ ...event, datacontenttype: 'application/cloudevents+json' }),
      )
      expect({ kind, findings }).toEqual({
        kind: 'contract',
        findings: [expect.stringMatching(/^datacontenttype: must not be/)],
      })
    },
  )
})
