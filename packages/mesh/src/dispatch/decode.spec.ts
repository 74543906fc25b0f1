import { EventFormatError, toStructured } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { orderedEvent, parcelOrdered, parcelPacked, recordOf } from '../aggregate/parcel.fixture.ts'
import type { BusRecord } from '../bus/bus.ts'
import { on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { decode, release } from './decode.ts'
import { rulesOf } from './rules.fixture.ts'

const pack = on(parcelOrdered, 'pack', (_event, state: object) => done(state))
const handlers = rulesOf([pack])

const event = orderedEvent('e-1', {
  parcel: 'P-1',
  wish: 'done',
  learner: { email: 'marker@example.org', username: 'marker-name' },
})
const good = recordOf(event, 4)

const refusal = (record: BusRecord) => {
  const decoded = decode(record, handlers)
  return 'refused' in decoded ? decoded : undefined
}

const withData = (data: unknown): BusRecord => ({ ...good, value: Buffer.from(JSON.stringify(data)) })

const { ce_id: _id, ...withoutId } = good.headers

const BAD: readonly (readonly [string, 'poison' | 'contract', BusRecord])[] = [
  ['no headers', 'poison', { ...good, headers: {} }],
  ['no value', 'contract', { ...good, value: null }],
  ['an empty value', 'contract', { ...good, value: new Uint8Array() }],
  ['bytes that are no UTF-8', 'poison', { ...good, value: Uint8Array.from([0xff, 0xfe, 0x00]) }],
  ['text that is no JSON', 'poison', { ...good, value: Buffer.from('{"parcel":') }],
  ['JSON that is no object', 'contract', { ...good, value: Buffer.from('"P-1"') }],
  ['an unknown field', 'contract', withData({ parcel: 'P-1', parcels: 2 })],
  ['a field of the wrong type', 'contract', withData({ parcel: 1 })],
  ['no key', 'contract', withData({ parcel: '' })],
  ['a key that no event can have as its subject', 'contract', withData({ parcel: 'P\u0001' })],
  [
    'another type than its topic',
    'contract',
    { ...good, headers: { ...good.headers, ce_type: 'parcel.packed.v1' } },
  ],
  ['no id', 'contract', { ...good, headers: withoutId }],
  [
    'another version of CloudEvents',
    'contract',
    { ...good, headers: { ...good.headers, ce_specversion: '0.3' } },
  ],
  [
    'a batch',
    'poison',
    { ...good, headers: { ...good.headers, 'content-type': 'application/cloudevents-batch+json' } },
  ],
  [
    'a structured event that is no JSON',
    'poison',
    { ...good, headers: { 'content-type': 'application/cloudevents+json' } },
  ],
  ['an event larger than 1 MiB', 'contract', withData({ parcel: 'P-1', wish: 'x'.repeat(1_048_576) })],
  ['a topic that no handler takes', 'contract', { ...good, topic: parcelPacked.type }],
]

describe('decode', () => {
  it('gives event, key, handler and a copy of the record that can wait', () => {
    const decoded = decode(good, handlers)
    expect(decoded).toMatchObject({
      event: { ...event },
      key: 'P-1',
      handler: pack,
      held: { eventId: 'e-1', offset: 4 },
    })
  })

  it('reads an event in structured mode too', () => {
    const record = {
      ...good,
      headers: { 'content-type': 'application/cloudevents+json' },
      value: Buffer.from(toStructured(event)),
    }
    expect(decode(record, handlers)).toMatchObject({ key: 'P-1', held: { eventId: 'e-1' } })
  })

  it.each([
    ['no record key', null, 'is missing: without it the order of events is lost'],
    ['another record key', 'other', 'is not the one that the contract makes of the data'],
  ])('refuses %s: events of one key must stay in order (promise 3)', (_what, key, message) => {
    expect(refusal({ ...good, key })).toMatchObject({
      refused: 'contract',
      findings: [{ path: 'record key', message }],
      eventId: 'e-1',
      producer: 'shop',
    })
  })

  it('refuses an event whose producer is neither its owner nor listed, and names it', () => {
    const forged = { ...good, headers: { ...good.headers, ce_source: '/elsewhere' } }
    expect(refusal(forged)).toMatchObject({
      refused: 'contract',
      producer: '/elsewhere',
      findings: [
        {
          path: 'source',
          message: expect.stringMatching(/^may not emit parcel\.ordered\.v1: its owner is shop/),
        },
      ],
    })
    const grants = new Map([['/elsewhere', new Set([parcelOrdered.type])]])
    expect(decode(forged, { ...handlers, grants })).toMatchObject({ key: 'P-1' })
  })

  it('names the producer of a structured event too', () => {
    const structured = toStructured({ ...event, source: '/elsewhere', data: { parcel: 1 } })
    const headers = { 'content-type': 'application/cloudevents+json' }
    expect(refusal({ ...good, headers, value: Buffer.from(structured) })).toMatchObject({
      producer: '/elsewhere',
      eventId: 'e-1',
    })
  })

  it.each(BAD)('refuses %s as %s', (_, refused, record) => {
    expect(refusal(record)).toMatchObject({ refused, reason: expect.stringMatching(/\w/) })
  })

  it.each(BAD)(
    'tells what is wrong with %s without repeating a value (promise 11)',
    (_, _refused, record) => {
      expect(refusal(record)?.reason).not.toMatch(/marker/)
    },
  )

  it('names the event as far as it is known, but only by names that an event may have', () => {
    const broken = withData({ parcel: 1 })
    expect(refusal(broken)).toMatchObject({ eventId: 'e-1', eventType: 'parcel.ordered.v1' })
    const odd = { ...broken, headers: { ...broken.headers, ce_id: 'e\u0001', ce_type: 'x'.repeat(10_000) } }
    expect(refusal(odd)).not.toHaveProperty('eventId')
    expect(refusal(odd)).not.toHaveProperty('eventType')
  })

  it('lists a bounded number of findings', () => {
    const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`unknown${at}`, at]))
    expect(refusal(withData(data))?.reason.length).toBeLessThan(5_000)
  })

  it('calls a fault of a contract poison, without its words', () => {
    const faulty = {
      ...parcelOrdered,
      key: () => {
        throw new RangeError('marker')
      },
    }
    const decoded = decode(good, rulesOf([on(faulty, 'pack', () => done({}))]))
    expect(decoded).toMatchObject({ refused: 'poison', reason: 'the record could not be decoded' })
  })

  const attribute = fc.constantFrom(
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'traceparent',
  )
  const name = fc.oneof(
    fc.string(),
    fc.constant('content-type'),
    attribute.map((text) => `ce_${text}`),
  )
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1.0', 'application/json', parcelOrdered.type),
  )
  const headers = fc.oneof(
    fc.dictionary(name, text, { maxKeys: 12 }),
    fc.dictionary(name, text, { maxKeys: 2 }).map((more) => ({ ...good.headers, ...more })),
  )
  const value = fc.oneof(
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((json) => new Uint8Array(Buffer.from(json))),
    fc.constant(good.value),
  )
  const key = fc.option(fc.string({ unit: 'binary' }), { nil: null })

  it('never throws, whatever a topic holds (promise 5)', () => {
    fc.assert(
      fc.property(headers, value, key, (someHeaders, someValue, someKey) => {
        const decoded = decode({ ...good, headers: someHeaders, value: someValue, key: someKey }, handlers)
        if ('refused' in decoded) expect(['poison', 'contract']).toContain(decoded.refused)
        else expect(decoded.key).toBe((decoded.event.data as { parcel: string }).parcel)
      }),
      { numRuns: 500 },
    )
  })
})

describe('release', () => {
  it('gives a held record back as it came, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.boolean(), (wish, marked) => {
        const json = Buffer.from(JSON.stringify({ parcel: 'P-1', wish }))
        const record = { ...good, value: marked ? Buffer.concat([Buffer.from('\ufeff'), json]) : json }
        const decoded = decode(record, handlers)
        if ('refused' in decoded) throw new EventFormatError('poison', [])
        const released = release({ ...decoded.held, attempts: 3 })
        expect({ ...released, value: Buffer.from(released.value ?? []) }).toEqual({
          ...record,
          value: Buffer.from(record.value),
        })
      }),
    )
  })
})
