import {
  type CloudEvent,
  type EventContract,
  deadLetterRecorded,
  defineEvent,
  hopRecorded,
  upcastFrom,
} from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { TRACEPARENT, outgoing, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { sealEvent } from '../aggregate/seal.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { type Outcome, dead, done, emit, retry } from '../service/outcome.ts'
import { type Shop, type Tally, counted, counting, route, shops } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

const about = { name: 'seat.reserved', owner: 'seats', summary: 'A seat is held.' }
const seatV1 = defineEvent({
  ...about,
  version: 1,
  key: (data) => data.order,
  personal: ['email'],
  data: z.strictObject({ order: z.string().min(1), email: z.string() }),
})
const seatV2 = defineEvent({
  ...about,
  version: 2,
  key: (data) => data.order,
  personal: ['buyer.email'],
  data: z.strictObject({ order: z.string().min(1), buyer: z.strictObject({ email: z.string() }) }),
  upcast: upcastFrom(seatV1, ({ order, email }) => {
    if (email.includes('throw')) throw new RangeError(email)
    return { order, buyer: email.includes('invalid') ? (email as never) : { email } }
  }),
})
const seatV3 = defineEvent({
  ...about,
  version: 3,
  key: (data) => data.order,
  personal: ['buyer.email'],
  data: z.strictObject({
    order: z.string().min(1),
    buyer: z.strictObject({ email: z.string() }),
    seats: z.int(),
  }),
  upcast: upcastFrom(seatV2, (data) => ({ ...data, seats: 1 })),
})

type Version = 1 | 2 | 3
const EMAIL = 'marker@example.org'

/** A stored event of one version. */
const seat = (version: Version, order: string, id = `${order}#1`, email = EMAIL): CloudEvent => {
  const stamp = { service: 'seats', id, traceparent: TRACEPARENT, now: new Date('2026-01-02T03:04:05Z') }
  if (version === 1) return sealEvent(seatV1, { order, email }, stamp)
  const buyer = { email }
  return version === 2
    ? sealEvent(seatV2, { order, buyer }, stamp)
    : sealEvent(seatV3, { order, buyer, seats: 2 }, stamp)
}

/** A service that reads one version, and what it was given. */
const reader = (
  name: string,
  contract: EventContract,
  decide: (event: CloudEvent, state: Tally, attempt: number) => Outcome<Tally> = (_event, state) =>
    done(counted(state)),
) => {
  const seen: CloudEvent[] = []
  const service = counting(name, [
    on(contract, 'read', (event, state: Tally, { attempt }) => {
      seen.push(event)
      return decide(event, state, attempt)
    }),
  ])
  return { seen, service }
}

/** A service that says one fact in two versions, the older first or last. */
const emitter = (first: EventContract, second: EventContract) => {
  const both = (order: string) => [
    { contract: seatV1, data: { order, email: EMAIL } },
    { contract: seatV2, data: { order, buyer: { email: EMAIL } } },
  ]
  return counting(
    'seats',
    [
      on(parcelOrdered, 'reserve', ({ data: { parcel } }, state: Tally) =>
        done(
          counted(state),
          [first, second].flatMap(({ type }) => both(parcel).filter(({ contract }) => contract.type === type)) as never,
        ),
      ),
    ],
    { emits: [seatV1 as unknown as EventContract, seatV2 as unknown as EventContract] },
  )
}

const asEvent = (contract: unknown) => contract as EventContract
const [v1, v2, v3] = [asEvent(seatV1), asEvent(seatV2), asEvent(seatV3)]

const hopsOf = async (shop: Shop, service: string) =>
  (await shop.hops())
    .filter((hop) => hop.service === service)
    .map(({ eventId, eventType, outcome, attempt }) => `${eventId} ${eventType} ${outcome} ${attempt}`)

/** Publishes events one after the other, each when the one before was handled. */
const inTurn = async (shop: Shop, ...events: readonly CloudEvent[]) => {
  for (const event of events) {
    await shop.publish(event)
    await shop.settled()
  }
}

const expectNoDrift = async (shop: Shop, ...services: readonly object[]) =>
  expect(await shop.mesh.operations.audit()).toMatchObject({
    drift: 0,
    ...(services.length > 0 && { services }),
  })

describe('a reader of a newer version', () => {
  it('handles what is stored in the older one, each as its own', async () => {
    const { seen, service } = reader('reader', v2)
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'), seat(2, 'O-1', 'O-1#2'))
    expect(seen).toMatchObject([
      { id: 'O-1#1', type: 'seat.reserved.v2', data: { order: 'O-1', buyer: { email: EMAIL } } },
      { id: 'O-1#2', type: 'seat.reserved.v2', data: { order: 'O-1', buyer: { email: EMAIL } } },
    ])
    expect(await shop.tally('reader', 'O-1')).toBe(2)
    expect((await hopsOf(shop, 'reader')).toSorted()).toEqual([
      'O-1#1 seat.reserved.v1 done 1',
      'O-1#2 seat.reserved.v2 done 1',
    ])
    expect((await shop.metric('mesh_records_total')).toSorted()).toEqual([
      'mesh_records_total{service="reader",type="seat.reserved.v1",outcome="done"} 1',
      'mesh_records_total{service="reader",type="seat.reserved.v2",outcome="done"} 1',
    ])
    await expectNoDrift(shop, { accepted: 2, done: 2 })
  })

  it('handles what is stored two versions before it', async () => {
    const { seen, service } = reader('reader', v3)
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'), seat(2, 'O-2'), seat(3, 'O-3'))
    expect(seen.map(({ type, data }) => [type, data])).toEqual([
      ['seat.reserved.v3', { order: 'O-1', buyer: { email: EMAIL }, seats: 1 }],
      ['seat.reserved.v3', { order: 'O-2', buyer: { email: EMAIL }, seats: 1 }],
      ['seat.reserved.v3', { order: 'O-3', buyer: { email: EMAIL }, seats: 2 }],
    ])
    expect((await hopsOf(shop, 'reader')).toSorted()).toEqual([
      'O-1#1 seat.reserved.v1 done 1',
      'O-2#1 seat.reserved.v2 done 1',
      'O-3#1 seat.reserved.v3 done 1',
    ])
    await expectNoDrift(shop, { accepted: 3, done: 3 })
  })

  it('stands beside a reader of the older one', async () => {
    const old = reader('old', v1)
    const young = reader('young', v2)
    const shop = await open([emitter(v1, v2), old.service, young.service])
    await shop.order('O-1', 'O-2')
    await shop.settled()
    expect(old.seen.map(({ type }) => type)).toEqual([v1.type, v1.type])
    expect(young.seen.map(({ type }) => type)).toEqual([v2.type, v2.type])
    for (const name of ['old', 'young'])
      expect([await shop.tally(name, 'O-1'), await shop.tally(name, 'O-2')]).toEqual([1, 1])
    await expectNoDrift(shop, { service: 'seats', done: 2 }, { service: 'old', accepted: 2 }, { service: 'young', accepted: 4 })
  })

  it('takes the newer one first where one service has a handler for each', async () => {
    const seen: string[] = []
    const note = (name: string) => (event: CloudEvent, state: Tally) => {
      seen.push(`${name} ${event.id}`)
      return done(counted(state))
    }
    const service = counting('reader', [on(seatV1, 'one', note('one')), on(seatV3, 'three', note('three'))])
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'), seat(2, 'O-2'), seat(3, 'O-3'))
    expect(seen).toEqual(['one O-1#1', 'three O-2#1', 'three O-3#1'])
    await expectNoDrift(shop)
  })

  it('is led by routes per version, each with conditions over the data that its handler sees', async () => {
    const { seen, service } = reader('reader', v2)
    const when = { field: 'buyer.email', equals: EMAIL }
    const shop = await open([service], {
      routes: [route(v1, 'reader/read', { when, where: 'mesh.yaml:3' }), route(v2, 'reader', { enabled: false })],
    })
    await inTurn(shop, seat(1, 'O-1'), seat(1, 'O-2', 'O-2#1', 'other@example.org'), seat(2, 'O-3'))
    expect(seen.map(({ id }) => id)).toEqual(['O-1#1'])
    const hops = await shop.events(hopRecorded)
    expect(JSON.stringify(hops)).not.toMatch(/marker|other@/)
    await expectNoDrift(shop, { done: 1, suppressed: 2 })
  })
})

describe('one fact in two versions', () => {
  it.each([
    ['the older', v1, v2],
    ['the newer', v2, v1],
  ])('is handled once by a reader of both, where %s comes first', async (_which, first, second) => {
    const { seen, service } = reader('reader', v2)
    const shop = await open([emitter(first, second), service])
    await shop.order('O-1', 'O-2', 'O-1')
    await shop.settled()
    expect([await shop.tally('reader', 'O-1'), await shop.tally('reader', 'O-2')]).toEqual([2, 1])
    const [old, young] = [await shop.events(v1), await shop.events(v2)]
    expect(old.map(({ id }) => id).toSorted()).toEqual(young.map(({ id }) => id).toSorted())
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3)
    expect(seen).toHaveLength(3)
    const spans = [...old, ...young].map(({ extensions }) => extensions['traceparent'])
    expect(spans).toHaveLength(6)
    await expectNoDrift(shop, { service: 'seats', done: 3 }, { service: 'reader', accepted: 6, dead: 0, waiting: 0 })
  })

  it.each([
    ['the older', 1, 2],
    ['the newer', 2, 1],
  ] as const)('is handled once also where %s was handled before a restart', async (_which, first, second) => {
    const before = reader('reader', v2)
    const shop = await open([before.service])
    await inTurn(shop, seat(first, 'O-1'))
    await shop.mesh.stop()
    const after = reader('reader', v2)
    const again = await open([after.service], { data: shop.data })
    await inTurn(again, seat(second, 'O-1'))
    expect(before.seen).toHaveLength(1)
    expect(after.seen).toEqual([])
    expect(await again.tally('reader', 'O-1')).toBe(1)
    expect(await hopsOf(again, 'reader')).toEqual([`O-1#1 seat.reserved.v${first} done 1`])
    await expectNoDrift(again, { accepted: 2, dead: 0 })
  })

  it('is handled once where its reader moves to the newer version in between', async () => {
    const before = reader('reader', v1)
    const shop = await open([before.service])
    await inTurn(shop, seat(1, 'O-1'))
    await shop.mesh.stop()
    const after = reader('reader', v2)
    const again = await open([after.service], { data: shop.data })
    await inTurn(again, seat(2, 'O-1'), seat(1, 'O-1', 'O-1#2'), seat(2, 'O-1', 'O-1#2'))
    expect(after.seen.map(({ id }) => id)).toEqual(['O-1#2'])
    expect(await again.tally('reader', 'O-1')).toBe(2)
    await expectNoDrift(again, { accepted: 4 })
  })

  it('is handled once while one of the two waits for another attempt', async () => {
    const lms = { up: false }
    const { seen, service } = reader('reader', v2, (_event, state) => (lms.up ? done(counted(state)) : retry(ill)))
    const shop = await open([service])
    await shop.publish(seat(1, 'O-1'))
    await eventually('an attempt', () => seen.length > 0)
    await shop.publish(seat(2, 'O-1'))
    await eventually('both taken in', async () =>
      (await shop.metric('mesh_records_total')).some((line) => line.includes('outcome="duplicate"')),
    )
    lms.up = true
    await shop.settled()
    expect(await shop.tally('reader', 'O-1')).toBe(1)
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
    await expectNoDrift(shop, { accepted: 2 })
  })
})

describe('an older event in a newer reader', () => {
  it('is tried again as what it is, with its followers of either version in order', async () => {
    const lms = { up: false }
    const { seen, service } = reader('reader', v2, ({ id }, state) =>
      id === 'O-1#1' && !lms.up ? retry(ill) : done(counted(state)),
    )
    const shop = await open([service])
    await shop.publish(seat(1, 'O-1'))
    await eventually('a second attempt', () => seen.length >= 2)
    await shop.publish(seat(2, 'O-1', 'O-1#2'))
    const waitingFor = (count: number) =>
      eventually(`${count} in line`, async () => (await shop.mesh.operations.audit()).services[0]?.waiting === count)
    await waitingFor(2)
    await shop.publish(seat(1, 'O-1', 'O-1#3'))
    await waitingFor(3)
    lms.up = true
    await shop.settled()
    expect(seen.slice(-3).map(({ id, type }) => [id, type])).toEqual([
      ['O-1#1', v2.type],
      ['O-1#2', v2.type],
      ['O-1#3', v2.type],
    ])
    const hops = await hopsOf(shop, 'reader')
    expect(hops.filter((line) => line.includes(' done '))).toEqual([
      expect.stringMatching(/^O-1#1 seat\.reserved\.v1 done \d+$/),
      'O-1#2 seat.reserved.v2 done 1',
      'O-1#3 seat.reserved.v1 done 1',
    ])
    expect(hops.filter((line) => line.includes(' retry '))[0]).toBe('O-1#1 seat.reserved.v1 retry 1')
    await expectNoDrift(shop, { done: 3 })
  })

  it('that waited while its reader moved to the newer version goes on there', async () => {
    const shop = await open([reader('reader', v1, () => retry(ill)).service])
    await shop.publish(seat(1, 'O-1'), seat(1, 'O-1', 'O-1#2'))
    await eventually('two in line', async () => (await shop.mesh.operations.audit()).services[0]?.waiting === 2)
    await shop.mesh.stop()
    const { seen, service } = reader('reader', v3)
    const after = await open([service], { data: shop.data })
    await after.settled()
    expect(seen.map(({ id, type }) => [id, type])).toEqual([
      ['O-1#1', v3.type],
      ['O-1#2', v3.type],
    ])
    await expectNoDrift(after, { done: 2, waiting: 0 })
  })

  it('can be dead and redriven', async () => {
    const mood = { refuse: true }
    const { seen, service } = reader('reader', v2, (_event, state) => (mood.refuse ? dead(ill) : done(counted(state))))
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'))
    const { operations } = shop.mesh
    const [letter] = await operations.deadLetters({})
    expect(letter).toMatchObject({ class: 'permanent', eventType: v1.type, producer: 'seats', key: 'O-1' })
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(await operations.deadLetters({})).toMatchObject([{ id: letter?.id, attempts: 2 }])
    mood.refuse = false
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(seen.map(({ type }) => type)).toEqual([v2.type, v2.type, v2.type])
    expect(await hopsOf(shop, 'reader')).toEqual([
      'O-1#1 seat.reserved.v1 dead 1',
      'O-1#1 seat.reserved.v1 dead 2',
      'O-1#1 seat.reserved.v1 done 3',
    ])
    expect(await operations.deadLetters({})).toEqual([])
    await expectNoDrift(shop, { done: 1, dead: 0 })
  })

  it.each([
    ['throws', 'marker-throw@example.org'],
    ['gives what is not valid', 'marker-invalid@example.org'],
  ])('whose upcast %s is a dead letter of class contract that tells nothing of the data', async (_what, email) => {
    const { seen, service } = reader('reader', v3)
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1', 'O-1#1', email), seat(1, 'O-1', 'O-1#2'))
    expect(seen.map(({ id }) => id)).toEqual(['O-1#2'])
    const [letter, ...more] = await shop.mesh.operations.deadLetters({ class: 'contract' })
    expect(more).toEqual([])
    expect(letter).toMatchObject({
      code: 'MESH_EVENT_CONTRACT',
      eventId: 'O-1#1',
      eventType: v1.type,
      producer: 'seats',
      findings: [{ path: 'data', message: expect.stringMatching(/can’t be read as seat\.reserved\.v2/) }],
    })
    const told = [letter?.reason, letter?.findings, await shop.events(deadLetterRecorded), shop.logged]
    expect(JSON.stringify(told)).not.toMatch(/marker/)
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 1 }] })
  })

  it('whose upcast is mended later is handled when it is redriven', async () => {
    const shop = await open([reader('reader', v2).service])
    await inTurn(shop, seat(1, 'O-1', 'O-1#1', 'invalid@example.org'))
    const [letter] = await shop.mesh.operations.deadLetters({ class: 'contract' })
    const id = letter?.id ?? ''
    await shop.mesh.operations.redrive(id, 'ann')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([{ id, attempts: 2 }])
    await expectNoDrift(shop, { done: 0, dead: 1 })
    await shop.mesh.stop()

    const mended = defineEvent({
      ...about,
      version: 2,
      key: (data) => data.order,
      data: seatV2.data,
      upcast: upcastFrom(seatV1, ({ order, email }) => ({ order, buyer: { email } })),
    })
    const { seen, service } = reader('reader', asEvent(mended))
    const after = await open([service], { data: shop.data })
    await after.mesh.operations.redrive(id, 'ann')
    await after.settled()
    expect(seen).toMatchObject([{ id: 'O-1#1', data: { buyer: { email: 'invalid@example.org' } } }])
    expect(await after.mesh.operations.deadLetters({})).toEqual([])
    await expectNoDrift(after, { done: 1, dead: 0 })
  })

  it('that breaks the older contract is told so in the older contract’s words', async () => {
    const shop = await open([reader('reader', v2).service])
    const record = outgoing(seat(1, 'O-1'))
    await shop.mesh.bus.publish([{ ...record, value: Buffer.from('{"order":"O-1","buyer":{"email":"x"}}') }])
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'contract' })).toMatchObject([
      { findings: expect.arrayContaining([{ path: 'data.email', message: 'is missing' }]) },
    ])
    await expectNoDrift(shop, { dead: 1 })
  })

  it('on the topic of the newer version is refused: its readers keep to their topics', async () => {
    const shop = await open([reader('reader', v2).service])
    await shop.mesh.bus.publish([{ ...outgoing(seat(1, 'O-1')), topic: v2.type }])
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'contract' })).toMatchObject([
      { eventType: v1.type, findings: [{ path: 'type', message: expect.stringContaining(v2.type) }] },
    ])
    await expectNoDrift(shop, { dead: 1 })
  })
})

describe('an upcast that changes the record key', () => {
  it('makes dead letters: events of one key would be in two places', async () => {
    const moved = defineEvent({
      ...about,
      version: 2,
      key: (data) => data.seat,
      data: z.strictObject({ seat: z.string() }),
      upcast: upcastFrom(seatV1, ({ order }) => ({ seat: `S-${order}` })),
    })
    const { seen, service } = reader('reader', asEvent(moved))
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'))
    expect(seen).toEqual([])
    const { operations } = shop.mesh
    const [letter] = await operations.deadLetters({ class: 'contract' })
    expect(letter).toMatchObject({ findings: [{ path: 'record key' }] })
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(await operations.deadLetters({})).toMatchObject([{ id: letter?.id, attempts: 2 }])
    await expectNoDrift(shop, { dead: 1 })
  })
})

describe('what is caused by an older event', () => {
  it('has the same id as if the newer version had caused it', async () => {
    const noted = defineEvent({
      name: 'seat.noted',
      version: 1,
      owner: 'noter',
      summary: 'A seat was noted.',
      key: (data) => data.order,
      data: z.strictObject({ order: z.string() }),
    })
    const noter = () =>
      counting(
        'noter',
        [
          on(seatV2, 'note', ({ data: { order } }, state: Tally) => done(counted(state), [emit(noted, { order })])),
        ],
        { emits: [asEvent(noted)] },
      )
    const ids = []
    for (const version of [1, 2] as const) {
      const shop = await open([noter()])
      await inTurn(shop, seat(version, 'O-1'))
      ids.push((await shop.events(noted)).map(({ id }) => id))
    }
    expect(ids[0]).toHaveLength(1)
    expect(ids[0]).toEqual(ids[1])
  })
})
