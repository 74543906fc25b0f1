import { deadLetterRecorded, defineEvent, fromKafka, hopRecorded, parseEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { emit } from '../service/outcome.ts'
import type { OutboxEntry } from './document.ts'
import { parcelFailed, parcelOrdered, parcelPacked, TRACEPARENT } from './parcel.fixture.ts'
import { sealDrafts, sealEvent, sealHop } from './seal.ts'
import { letterEntries } from './settle.ts'

const stamp = {
  service: 'packing',
  now: new Date('2026-03-04T05:06:07Z'),
  traceparent: TRACEPARENT,
  causeId: 'e-1',
}

const eventOf = (entry: OutboxEntry | undefined) => {
  if (entry?.kind !== 'event') throw new TypeError('not an event')
  return fromKafka(entry.headers, Buffer.from(entry.value))
}

const idsOf = (...drafts: Parameters<typeof sealDrafts>[0]) =>
  sealDrafts(drafts, stamp).caused.map(({ id }) => id)

describe('sealEvent', () => {
  it('writes the CloudEvent with key, source, time and trace', () => {
    expect(sealEvent(parcelPacked, { parcel: 'P-1' }, { ...stamp, id: 'e-9' })).toEqual({
      id: 'e-9',
      source: '/commerce-mesh/packing',
      type: 'parcel.packed.v1',
      subject: 'P-1',
      time: '2026-03-04T05:06:07.000Z',
      datacontenttype: 'application/json',
      extensions: { partitionkey: 'P-1', traceparent: TRACEPARENT, causationid: 'e-1' },
      data: { parcel: 'P-1' },
    })
  })

  it('names no cause where there is none', () => {
    const { causeId: _, ...origin } = stamp
    const event = sealEvent(parcelOrdered, { parcel: 'P-1' }, { ...origin, id: 'e-1' })
    expect(event.extensions).toEqual({ partitionkey: 'P-1', traceparent: TRACEPARENT })
  })
})

const parcelPackedV2 = defineEvent({
  name: 'parcel.packed',
  version: 2,
  owner: 'packing',
  summary: 'A parcel was packed.',
  key: (data) => data.box,
  data: z.strictObject({ box: z.string() }),
})

describe('one fact in two versions', () => {
  const both = (parcel: string) => [emit(parcelPacked, { parcel }), emit(parcelPackedV2, { box: parcel })]

  it('has one id, so that a reader of both takes it once', () => {
    const [old, young, second, secondYoung] = idsOf(...both('P-1'), ...both('P-2'))
    expect([young, secondYoung]).toEqual([old, second])
    expect(second).not.toBe(old)
  })

  it('is sent twice, each in a span of its own', () => {
    const { entries } = sealDrafts(both('P-1'), { ...stamp, sealedAt: 1 })
    const spans = entries.map((entry) => eventOf(entry).extensions['traceparent'])
    expect(new Set(spans).size).toBe(2)
  })

  it('counts as one where the events that one event leads to are counted', () => {
    const lineage = { hops: 2, spread: 3 }
    const extensionsOf = (...drafts: Parameters<typeof sealDrafts>[0]) =>
      sealDrafts(drafts, { ...stamp, lineage }).entries.map((entry) => eventOf(entry).extensions)
    for (const extensions of extensionsOf(...both('P-1')))
      expect(extensions).toMatchObject({ hops: '3', spread: '3' })
    for (const extensions of extensionsOf(...both('P-1'), ...both('P-2')))
      expect(extensions).toMatchObject({ hops: '3', spread: '6' })
  })
})

describe('sealDrafts', () => {
  const packed = emit(parcelPacked, { parcel: 'P-1' })
  const failed = emit(parcelFailed, { parcel: 'P-1' })

  it('makes entries that a consumer can read, at the topic and key of the contract', () => {
    const { entries, caused } = sealDrafts([packed], stamp)
    expect(entries).toMatchObject([{ kind: 'event', topic: 'parcel.packed.v1', key: 'P-1' }])
    expect(parseEvent(parcelPacked, eventOf(entries[0]))).toMatchObject({
      id: caused[0]?.id,
      data: { parcel: 'P-1' },
    })
    expect(caused).toEqual([{ id: caused[0]?.id, type: 'parcel.packed.v1' }])
  })

  it('gives the nth event of a type the same id, whatever else is emitted and whenever', () => {
    const [first, second] = idsOf(packed, packed)
    expect(first).not.toBe(second)
    expect(idsOf(failed, packed, packed).slice(1)).toEqual([first, second])
    const later = sealDrafts([packed, packed], { ...stamp, now: new Date(0), traceparent: 'other' })
    expect(later.caused.map(({ id }) => id)).toEqual([first, second])
  })

  it('gives other ids for another cause', () => {
    expect(idsOf(packed)).not.toEqual(
      sealDrafts([packed], { ...stamp, causeId: 'e-2' }).caused.map(({ id }) => id),
    )
  })

  it.each([
    ['breaks its schema', { parcel: 'P-1', email: 'marker@example.org' }],
    ['has a value of the wrong type', { parcel: { marker: 'marker@example.org' } }],
    ['has an empty key', { parcel: '' }],
    ['has a key that no header can carry', { parcel: 'P\u0001marker@example.org' }],
    ['is larger than an event may be', { parcel: 'P-1', note: 'marker@example.org'.repeat(70_000) }],
    ['is no JSON', { parcel: 1n }],
  ])('refuses an event that %s, without repeating a value (promise 11)', (_, data) => {
    const sealing = () => sealDrafts([{ contract: parcelPacked, data }], stamp)
    expect(sealing).toThrow(expect.objectContaining({ code: 'MESH_HANDLER_OUTPUT' }))
    expect(sealing).toThrow(expect.objectContaining({ message: expect.stringContaining('parcel.packed.v1') }))
    expect(sealing).not.toThrow(/marker/)
  })
})

describe('the mesh’s own events', () => {
  const hop = {
    key: 'P-1',
    eventId: 'e-1',
    eventType: 'parcel.ordered.v1',
    service: 'packing',
    handler: 'pack',
    outcome: 'retry' as const,
    code: 'MESH_LMS_ERROR',
    reason: 'ill',
    attempt: 2,
    startedAt: '2026-03-04T05:06:07.000Z',
    durationMs: 1.25,
    caused: [],
  } satisfies Parameters<typeof sealHop>[0]

  it('keeps the contract of a hop, with the trace id', () => {
    const { id, data } = parseEvent(hopRecorded, eventOf(sealHop(hop, stamp)))
    expect(data).toEqual({ ...hop, traceId: '0af7651916cd43dd8448eb211c80319c' })
    expect(eventOf(sealHop(hop, { ...stamp, now: new Date(0) })).id).toBe(id)
    expect(eventOf(sealHop({ ...hop, attempt: 3 }, stamp)).id).not.toBe(id)
    expect(eventOf(sealHop({ ...hop, handler: 'other' }, stamp)).id).not.toBe(id)
  })

  const letter = {
    id: 'dl-1',
    status: 'open',
    class: 'poison',
    code: 'MESH_EVENT_POISON',
    reason: 'is not valid JSON',
    service: 'packing',
    handler: '-',
    key: null,
    attempts: 1,
    recordedAt: '2026-03-04T05:06:07.000Z',
    record: {
      topic: 'parcel.ordered.v1',
      partition: 0,
      offset: 3,
      timestamp: 0,
      key: null,
      headers: {},
      value: 'AA==',
    },
  } as const

  it('keeps the contract of a dead letter, without the payload', () => {
    const [kept, announced] = letterEntries(letter, { ...stamp, causeId: letter.id })
    expect(kept).toEqual({ kind: 'dead-letter', letter })
    const { data } = parseEvent(deadLetterRecorded, eventOf(announced))
    expect(data).toMatchObject({
      deadLetterId: 'dl-1',
      class: 'poison',
      topic: 'parcel.ordered.v1',
      attempts: 1,
    })
    expect(JSON.stringify(data)).not.toContain('AA==')
  })

  it.each([
    ['control characters', 'P\u0000\u0001'],
    ['a lone surrogate', 'P\ud800'],
    ['a noncharacter', 'P\uffff'],
    ['too many characters', 'P'.repeat(5_000)],
    ['nothing', ''],
  ])('announces a dead letter whose key no header can carry: %s', (_, key) => {
    const [, announced] = letterEntries({ ...letter, key }, { ...stamp, causeId: letter.id })
    const event = parseEvent(deadLetterRecorded, eventOf(announced))
    expect(event).toMatchObject({ subject: 'dl-1', data: { deadLetterId: 'dl-1' } })
  })
})
