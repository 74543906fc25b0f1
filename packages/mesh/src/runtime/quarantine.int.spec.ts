import { deadLetterRecorded, defineEvent, MAX_EVENT_BYTES, toStructured } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { TRACEPARENT, orderedEvent, outgoing, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { sealEvent } from '../aggregate/seal.ts'
import type { OutgoingRecord } from '../bus/bus.ts'
import type { DeadLetter } from '../dead-letter/dead-letter.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { type Packer, type Tally, counted, counting, packIt, packing, shops } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const VENDOR = '/example-shop'
const STRUCTURED = { 'content-type': 'application/cloudevents+json' }
const learner = { email: 'marker@example.org', username: 'marker-name' }

const parcelOf = (nth: number) => `P-${nth % 50}`

const sound = (nth: number): OutgoingRecord => {
  const parcel = parcelOf(nth)
  return outgoing({ ...orderedEvent(`good-${nth}`, { parcel, wish: String(nth), learner }), source: VENDOR })
}

/** A record that says it is `id`, with one thing about it changed. */
const spoilt = (nth: number, change: Partial<OutgoingRecord>, headers: Record<string, string> = {}) => {
  const record = sound(nth)
  return { ...record, ...change, headers: { ...record.headers, ce_id: `bad-${nth}`, ...headers } }
}

const json = (data: unknown) => Buffer.from(JSON.stringify(data))
const structured = (nth: number, source: string, data: unknown) =>
  Buffer.from(toStructured({ ...orderedEvent(`bad-${nth}`, { parcel: parcelOf(nth) }), source, data }))

type Spoiling = {
  readonly what: string
  readonly make: (nth: number) => OutgoingRecord
  readonly class: DeadLetter['class']
  /** A piece of each finding that must be there, as `path message`. */
  readonly findings: readonly RegExp[]
  /** Absent: nothing says who wrote it. */
  readonly producer?: string
}

const SPOILINGS: readonly Spoiling[] = [
  {
    what: 'bad JSON',
    make: (nth) =>
      spoilt(nth, { value: Buffer.from(`{"parcel":"${parcelOf(nth)}","learner":{"email":"marker@`) }),
    class: 'poison',
    findings: [/^data is not valid JSON/],
    producer: VENDOR,
  },
  {
    what: 'bad JSON of a producer who may not write any',
    make: (nth) => spoilt(nth, { value: Buffer.from('{') }, { ce_source: '/elsewhere' }),
    class: 'poison',
    findings: [/^data is not valid JSON/, /^source may not emit/],
    producer: '/elsewhere',
  },
  {
    what: 'another type',
    make: (nth) => spoilt(nth, {}, { ce_type: 'parcel.packed.v1' }),
    class: 'contract',
    findings: [/^type must be parcel\.ordered\.v1/],
    producer: VENDOR,
  },
  {
    what: 'an unknown version',
    make: (nth) => spoilt(nth, {}, { ce_type: 'parcel.ordered.v9' }),
    class: 'contract',
    findings: [/^type must be parcel\.ordered\.v1/],
    producer: VENDOR,
  },
  {
    what: 'no record key',
    make: (nth) => spoilt(nth, { key: null }),
    class: 'contract',
    findings: [/^record key is missing/],
    producer: VENDOR,
  },
  {
    what: 'another record key',
    make: (nth) => spoilt(nth, { key: parcelOf(nth + 1) }),
    class: 'contract',
    findings: [/^record key is not the one/],
    producer: VENDOR,
  },
  {
    what: 'another specversion',
    make: (nth) => spoilt(nth, {}, { ce_specversion: '0.3' }),
    class: 'contract',
    findings: [/^specversion must be/],
    producer: VENDOR,
  },
  {
    what: 'rubbish without headers',
    make: (nth) => ({
      topic: parcelOrdered.type,
      key: parcelOf(nth),
      headers: {},
      value: Uint8Array.from({ length: 64 }, (_, at) => (at * 37 + nth) % 256),
    }),
    class: 'poison',
    findings: [/has no CloudEvents attributes/],
  },
  {
    what: 'rubbish for data',
    make: (nth) => spoilt(nth, { value: Uint8Array.from([0xff, 0xfe, 0x00, nth % 256]) }),
    class: 'poison',
    findings: [/^data is not valid UTF-8/],
    producer: VENDOR,
  },
  {
    what: 'a producer who may not',
    make: (nth) => spoilt(nth, {}, { ce_source: '/elsewhere' }),
    class: 'contract',
    findings: [/^source may not emit parcel\.ordered\.v1/],
    producer: '/elsewhere',
  },
  {
    what: 'data that breaks its schema in two places',
    make: (nth) =>
      spoilt(nth, {
        value: json({ parcel: parcelOf(nth), wish: 7, learner: { ...learner, email: 'marker' } }),
      }),
    class: 'contract',
    findings: [/^data\.wish must be/, /^data\.learner\.email /],
    producer: VENDOR,
  },
  {
    what: 'two rules broken that no schema knows',
    make: (nth) => spoilt(nth, { key: null }, { ce_source: '/elsewhere' }),
    class: 'contract',
    findings: [/^record key is missing/, /^source may not emit/],
    producer: '/elsewhere',
  },
  {
    what: 'everything that can be wrong at once',
    make: (nth) => spoilt(nth, { key: null, value: json({ parcel: 7 }) }, { ce_source: '/elsewhere' }),
    class: 'contract',
    findings: [/^data\.parcel must be/, /^record key is missing/, /^source may not emit/],
    producer: '/elsewhere',
  },
  {
    what: 'no data',
    make: (nth) => spoilt(nth, { value: null }),
    class: 'contract',
    findings: [/^data/],
    producer: VENDOR,
  },
  {
    what: 'a structured event with wrong data',
    make: (nth) => ({
      ...sound(nth),
      headers: STRUCTURED,
      value: structured(nth, VENDOR, { parcel: parcelOf(nth), 'marker@example.org': 1 }),
    }),
    class: 'contract',
    findings: [/^data\.\(unusual name\) is not a field/],
    producer: VENDOR,
  },
  {
    what: 'a structured event that is no JSON',
    make: (nth) => ({ ...sound(nth), headers: STRUCTURED, value: Buffer.from('<event/>') }),
    class: 'poison',
    findings: [/is not valid JSON/],
  },
]

const TOO_LARGE: Spoiling = {
  what: 'too much',
  make: (nth) => spoilt(nth, { value: json({ parcel: parcelOf(nth), wish: 'x'.repeat(MAX_EVENT_BYTES) }) }),
  class: 'contract',
  findings: [/bytes/],
  producer: VENDOR,
}

const COUNT = 1_000
const BATCH = 100

const spoilingOf = (nth: number): Spoiling =>
  nth % 500 === 499 ? TOO_LARGE : (SPOILINGS[nth % SPOILINGS.length] as Spoiling)

const bellRung = defineEvent({
  name: 'bell.rung',
  version: 1,
  owner: 'shop',
  summary: 'A bell was rung.',
  key: (data) => data.bell,
  data: z.strictObject({ bell: z.string() }),
})

describe('a thousand broken events between a thousand sound ones', () => {
  it('are set aside with every finding and their producer’s name, and move nothing else', async () => {
    const seen = new Map<string, string[]>()
    const pack: Packer = (order, state, context, event) => {
      seen.set(order.parcel, [...(seen.get(order.parcel) ?? []), event.id])
      return packIt(order, state, context, event)
    }
    const porter = counting('porter', [on(bellRung, 'hear', (_event, state: Tally) => done(counted(state)))])
    const shop = await open([packing(pack), porter], {
      producers: [{ source: VENDOR, emits: [parcelOrdered.type] }],
    })
    const ring = (id: string) =>
      outgoing(
        sealEvent(
          bellRung,
          { bell: 'B-1' },
          { service: 'shop', id, traceparent: TRACEPARENT, now: new Date() },
        ),
      )

    const all = Array.from({ length: COUNT }, (_, nth) => nth)
    for (let from = 0; from < COUNT; from += BATCH) {
      const batch = all.slice(from, from + BATCH).flatMap((nth) => [spoilingOf(nth).make(nth), sound(nth)])
      await shop.mesh.bus.publish([...batch, ring(`ring-${from}`)])
      // Nobody else waits for what becomes of them.
      await eventually('the porter', async () => (await shop.tally('porter', 'B-1')) === from / BATCH + 1)
    }
    await shop.settled()

    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [
        { service: 'packing', accepted: 2 * COUNT, done: COUNT, dead: COUNT, suppressed: 0 },
        { service: 'porter', accepted: COUNT / BATCH, done: COUNT / BATCH },
      ],
    })
    const wanted = Map.groupBy(all, parcelOf)
    expect(seen.size).toBe(50)
    for (const [parcel, ids] of seen)
      expect(ids).toEqual(wanted.get(parcel)?.map((nth) => `${VENDOR}#parcel.ordered#good-${nth}`))

    const { operations } = shop.mesh
    const letters = [
      ...(await operations.deadLetters({ class: 'contract', limit: COUNT })),
      ...(await operations.deadLetters({ class: 'poison', limit: COUNT })),
    ]
    expect(letters).toHaveLength(COUNT)
    const told = (letter: DeadLetter) =>
      (letter.findings ?? []).map(({ path, message }) => `${path} ${message}`)
    for (const nth of all) {
      const { make, what, ...rest } = spoilingOf(nth)
      const record = make(nth)
      const value = record.value === null ? null : Buffer.from(record.value).toString('base64')
      const letter = letters.find(
        (one) => one.record.value === value && one.record.headers['ce_id'] === record.headers['ce_id'],
      )
      const found = letter === undefined ? [] : told(letter)
      expect({ what, class: letter?.class, producer: letter?.producer }).toEqual({
        what,
        class: rest.class,
        producer: rest.producer,
      })
      for (const finding of rest.findings)
        expect({ what, found }).toEqual({
          what,
          found: expect.arrayContaining([expect.stringMatching(finding)]),
        })
      expect(letter).toMatchObject({ service: 'packing', handler: '-', status: 'open', attempts: 1 })
    }

    const announced = await shop.events(deadLetterRecorded)
    expect(new Set(announced.map(({ data }) => data.deadLetterId))).toEqual(
      new Set(letters.map(({ id }) => id)),
    )
    expect(announced.filter(({ data }) => data.producer === '/elsewhere').length).toBeGreaterThan(100)
    const shown = JSON.stringify([announced, letters.map(({ reason, findings }) => [reason, findings])])
    expect(shown).not.toMatch(/marker/)
    expect(shop.logged.join('')).not.toMatch(/marker/)
    expect(await shop.metric('mesh_records_total')).toEqual(
      expect.arrayContaining([
        `mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="dead"} ${COUNT}`,
        `mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="done"} ${COUNT}`,
      ]),
    )
  })
})

describe('a broken event', () => {
  it('does not take the place of the sound one that has its id', async () => {
    const shop = await open([packing()], { producers: [{ source: VENDOR, emits: [parcelOrdered.type] }] })
    const twin = { ...sound(1), headers: { ...sound(1).headers, ce_source: '/elsewhere' } }
    await shop.mesh.bus.publish([twin, sound(1), { ...sound(1), value: json({}) }])
    await shop.settled()
    expect(await shop.packed(parcelOf(1))).toBe(1)
    expect(
      (await shop.mesh.operations.deadLetters({}))
        .map(({ findings }) => findings?.[0]?.path ?? '')
        .toSorted(),
    ).toEqual(['data.parcel', 'source'])
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('of a producer who is listed later is handled when it is redriven; until then its letter opens again', async () => {
    const shop = await open([packing()])
    await shop.mesh.bus.publish([sound(1)])
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({ class: 'contract' })
    const id = letter?.id ?? ''
    await shop.mesh.operations.redrive(id, 'ann')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([{ id, attempts: 2, producer: VENDOR }])
    await shop.mesh.stop()

    const listed = await open([packing()], {
      data: shop.data,
      producers: [{ source: VENDOR, emits: [parcelOrdered.type] }],
    })
    await listed.mesh.operations.redrive(id, 'ann')
    await listed.settled()
    expect(await listed.packed(parcelOf(1))).toBe(1)
    expect(await listed.mesh.operations.deadLetters({})).toEqual([])
    expect(await listed.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 0 }] })
  })
})

describe('producers outside', () => {
  it('may number their events alike: none is taken for a duplicate of another’s, and what they cause is told apart too', async () => {
    const producers = ['/one', '/two'].map((source) => ({ source, emits: [parcelOrdered.type] }))
    const shop = await open([packing()], { producers })
    const numbered = (source: string) => ({ ...orderedEvent('1', { parcel: 'P-1' }), source })
    await shop.publish(numbered('/one'), numbered('/two'), numbered('/one'))
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(2)
    const caused = (await shop.hops('P-1')).flatMap((hop) => hop.caused.map(({ id }) => id))
    expect(new Set(caused).size).toBe(2)
    const { services } = await shop.mesh.operations.audit()
    expect(services[0]).toMatchObject({ accepted: 3, done: 2, suppressed: 1, drift: 0 })
  })
})
