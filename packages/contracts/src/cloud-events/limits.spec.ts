import { describe, expect, it } from '@jest/globals'
import type { CloudEvent } from './event.ts'
import { EventFormatError } from './format-error.ts'
import { fromHttp, toHttpBinary } from './http-binding.ts'
import { fromStructured, STRUCTURED_CONTENT_TYPE, toStructured } from './json-format.ts'
import { fromKafka, toBinary } from './kafka-binding.ts'
import {
  MAX_ATTRIBUTE_LENGTH,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_EVENT_BYTES,
  MAX_EXTENSIONS,
  MAX_FINDINGS,
} from './limits.ts'

const refusal = (act: () => unknown): EventFormatError => {
  try {
    act()
  } catch (error) {
    if (error instanceof EventFormatError) return error
    throw error
  }
  throw new Error('was not refused')
}

const event = (members: Partial<CloudEvent> = {}): CloudEvent => ({
  id: '1',
  source: '/shop',
  type: 't',
  datacontenttype: 'application/json',
  extensions: {},
  data: 1,
  ...members,
})
const OVERSIZE = {
  kind: 'contract',
  findings: [{ path: '', message: `must not be larger than ${MAX_EVENT_BYTES} bytes` }],
}

describe('size', () => {
  const large = event({ data: 'x'.repeat(MAX_EVENT_BYTES) })
  const headers = { ce_id: '1', ce_specversion: '1.0', ce_source: '/', ce_type: 't' }

  it('leaves room for what Kafka adds within 1 MiB', () => {
    expect(MAX_EVENT_BYTES).toBe(1_000_000)
  })

  it('is refused on writing, whatever the mode', () => {
    expect(refusal(() => toStructured(large))).toMatchObject(OVERSIZE)
    expect(refusal(() => toBinary(large))).toMatchObject(OVERSIZE)
    expect(refusal(() => toHttpBinary(large))).toMatchObject(OVERSIZE)
  })

  it('is refused on reading before anything is decoded', () => {
    const garbage = new Uint8Array(MAX_EVENT_BYTES + 1)
    expect(refusal(() => fromStructured(garbage))).toMatchObject(OVERSIZE)
    expect(refusal(() => fromKafka(headers, garbage))).toMatchObject(OVERSIZE)
    expect(refusal(() => fromKafka({ 'content-type': STRUCTURED_CONTENT_TYPE }, garbage))).toMatchObject(
      OVERSIZE,
    )
    expect(refusal(() => fromHttp({}, garbage))).toMatchObject(OVERSIZE)
    expect(
      refusal(() => fromHttp({ 'content-type': STRUCTURED_CONTENT_TYPE }, 'x'.repeat(MAX_EVENT_BYTES + 1))),
    ).toMatchObject(OVERSIZE)
  })

  it('counts bytes, not characters, and headers too', () => {
    const euros = toStructured(event({ data: '€'.repeat(100) }))
    const size = Buffer.byteLength(euros)
    expect(fromStructured(euros, { maxBytes: size }).id).toBe('1')
    expect(refusal(() => fromStructured(euros, { maxBytes: size - 1 })).kind).toBe('contract')
    expect(refusal(() => fromKafka(headers, null, { maxBytes: 30 })).kind).toBe('contract')
    expect(fromKafka(headers, null, { maxBytes: 60 }).id).toBe('1')
  })

  it('may be set', () => {
    const { headers: written, value } = toBinary(large, { maxBytes: 2 * MAX_EVENT_BYTES })
    expect(fromKafka(written, value, { maxBytes: 2 * MAX_EVENT_BYTES })).toEqual(large)
  })
})

describe('attributes', () => {
  it('have a longest value', () => {
    const id = 'x'.repeat(MAX_ATTRIBUTE_LENGTH)
    expect(fromStructured(toStructured(event({ id }))).id).toBe(id)
    const { findings } = refusal(() => toStructured(event({ id: `${id}x` })))
    expect(findings).toEqual([
      { path: 'id', message: `must not be longer than ${MAX_ATTRIBUTE_LENGTH} characters` },
    ])
  })

  it('have a longest name', () => {
    const name = 'x'.repeat(MAX_ATTRIBUTE_NAME_LENGTH)
    expect(toBinary(event({ extensions: { [name]: '1' } })).headers[`ce_${name}`]).toBe('1')
    expect(refusal(() => toBinary(event({ extensions: { [`${name}x`]: '1' } }))).findings).toHaveLength(1)
  })

  it('are limited in number', () => {
    const extensions = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, nth) => [`x${nth}`, '1']))
    const most = event({ extensions: extensions(MAX_EXTENSIONS) })
    expect(fromStructured(toStructured(most))).toEqual(most)
    const finding = { path: '', message: `must not have more than ${MAX_EXTENSIONS} extension attributes` }
    expect(
      refusal(() => toStructured(event({ extensions: extensions(MAX_EXTENSIONS + 1) }))).findings,
    ).toEqual([finding])
    const text = JSON.stringify({
      specversion: '1.0',
      id: '1',
      source: '/',
      type: 't',
      ...extensions(50_000),
    })
    expect(refusal(() => fromStructured(text)).findings).toEqual([finding])
  })
})

describe('findings', () => {
  const floats = Object.fromEntries(Array.from({ length: 250 }, (_, nth) => [`x${nth}`, 0.5]))
  const error = refusal(() =>
    fromStructured(JSON.stringify({ specversion: '1.0', id: '1', source: '/', type: 't', ...floats })),
  )

  it('are limited in number, and the rest is counted', () => {
    expect(error.findings).toHaveLength(MAX_FINDINGS + 1)
    expect(error.findings.at(-1)).toEqual({ path: '', message: 'has 150 more findings' })
  })

  it('are shown in part by the message', () => {
    expect(error.message).toMatch(
      /^The event breaks its rules: x0 must be text.*; and 91 more\. Trying again will not help/,
    )
    expect(error.message.length).toBeLessThan(1000)
  })
})

describe('the error', () => {
  it('says what happened, what it means and what to do', () => {
    expect(refusal(() => fromStructured('{')).message).toBe(
      "The event can't be decoded: event is not valid JSON. Trying again will not help: mend the sender and send the event anew.",
    )
  })

  it('never repeats what it read', () => {
    const secret = 'alice@example.org'
    const everywhere = {
      id: `${secret}\n`,
      source: `${secret} `,
      type: 5,
      time: secret,
      datacontenttype: secret,
      dataschema: secret,
      [secret]: secret,
      data: secret,
      data_base64: secret,
    }
    const texts = [secret, `{"id":"${secret}`, JSON.stringify(everywhere)]
    for (const text of texts) {
      const { message, findings } = refusal(() => fromStructured(text))
      expect(`${message} ${JSON.stringify(findings)}`).not.toContain('alice')
    }
    const headers = Object.fromEntries(
      Object.entries(everywhere).map(([name, value]) => [`ce_${name}`, String(value)]),
    )
    const { message, findings } = refusal(() =>
      fromKafka({ ...headers, 'content-type': 'application/json' }, Buffer.from(secret)),
    )
    expect(findings.length).toBeGreaterThan(5)
    expect(`${message} ${JSON.stringify(findings)}`).not.toContain('alice')
  })
})
