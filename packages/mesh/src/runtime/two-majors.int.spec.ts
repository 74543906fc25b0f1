import { type CloudEvent, type EventContract, defineEvent, hopRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { done, emit, retry } from '../service/outcome.ts'
import { type Tally, counted, counting, route, shops } from './parcel-shop.fixture.ts'
import { EMAIL, expectNoDrift, hopsOf, inTurn, reader, seat, seatV1, seatV2, seatV3 } from './seat.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

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
          [first, second].flatMap(({ type }) =>
            both(parcel).filter(({ contract }) => contract.type === type),
          ) as never,
        ),
      ),
    ],
    { emits: [seatV1, seatV2] },
  )
}

describe('a reader of a newer version', () => {
  it('handles what is stored in the older one, each as its own', async () => {
    const { seen, service } = reader(seatV2)
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
    const { seen, service } = reader(seatV3)
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
    const old = reader(seatV1, undefined, 'old')
    const young = reader(seatV2, undefined, 'young')
    const shop = await open([emitter(seatV1, seatV2), old.service, young.service])
    await shop.order('O-1', 'O-2')
    await shop.settled()
    expect(old.seen.map(({ type }) => type)).toEqual([seatV1.type, seatV1.type])
    expect(young.seen.map(({ type }) => type)).toEqual([seatV2.type, seatV2.type])
    for (const name of ['old', 'young'])
      expect([await shop.tally(name, 'O-1'), await shop.tally(name, 'O-2')]).toEqual([1, 1])
    await expectNoDrift(
      shop,
      { service: 'seats', done: 2 },
      { service: 'old', accepted: 2 },
      { service: 'young', accepted: 4 },
    )
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
    const { seen, service } = reader(seatV2)
    const when = { field: 'buyer.email', equals: EMAIL }
    const shop = await open([service], {
      routes: [
        route(seatV1, 'reader/read', { when, where: 'mesh.yaml:3' }),
        route(seatV2, 'reader', { enabled: false }),
      ],
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
    ['the older', seatV1, seatV2],
    ['the newer', seatV2, seatV1],
  ])('is handled once by a reader of both, where %s comes first', async (_which, first, second) => {
    const { seen, service } = reader(seatV2)
    const shop = await open([emitter(first, second), service])
    await shop.order('O-1', 'O-2', 'O-1')
    await shop.settled()
    expect([await shop.tally('reader', 'O-1'), await shop.tally('reader', 'O-2')]).toEqual([2, 1])
    const [old, young] = [await shop.events(seatV1), await shop.events(seatV2)]
    expect(old.map(({ id }) => id).toSorted()).toEqual(young.map(({ id }) => id).toSorted())
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3)
    expect(seen).toHaveLength(3)
    await expectNoDrift(
      shop,
      { service: 'seats', done: 3 },
      { service: 'reader', accepted: 6, dead: 0, waiting: 0 },
    )
  })

  it.each([
    ['the older', 1, 2],
    ['the newer', 2, 1],
  ] as const)('is handled once also where %s was handled before a restart', async (_which, first, second) => {
    const before = reader(seatV2)
    const shop = await open([before.service])
    await inTurn(shop, seat(first, 'O-1'))
    await shop.mesh.stop()
    const after = reader(seatV2)
    const again = await open([after.service], { data: shop.data })
    await inTurn(again, seat(second, 'O-1'))
    expect(before.seen).toHaveLength(1)
    expect(after.seen).toEqual([])
    expect(await again.tally('reader', 'O-1')).toBe(1)
    expect(await hopsOf(again, 'reader')).toEqual([`O-1#1 seat.reserved.v${first} done 1`])
    await expectNoDrift(again, { accepted: 2, dead: 0 })
  })

  it('is handled once where its reader moves to the newer version in between', async () => {
    const before = reader(seatV1)
    const shop = await open([before.service])
    await inTurn(shop, seat(1, 'O-1'))
    await shop.mesh.stop()
    const after = reader(seatV2)
    const again = await open([after.service], { data: shop.data })
    await inTurn(again, seat(2, 'O-1'), seat(1, 'O-1', 'O-1#2'), seat(2, 'O-1', 'O-1#2'))
    expect(after.seen.map(({ id }) => id)).toEqual(['O-1#2'])
    expect(await again.tally('reader', 'O-1')).toBe(2)
    await expectNoDrift(again, { accepted: 4 })
  })

  it.each([
    ['the older', 1, 2],
    ['the newer', 2, 1],
  ] as const)('is handled where only %s is kept from its reader', async (_which, off, on) => {
    const { seen, service } = reader(seatV2)
    const kept = off === 1 ? seatV1 : seatV2
    const shop = await open([service], { routes: [route(kept, 'reader', { enabled: false })] })
    await inTurn(shop, seat(off, 'O-1'), seat(on, 'O-1'), seat(off, 'O-1'), seat(on, 'O-2'), seat(off, 'O-2'))
    expect(seen.map(({ id }) => id)).toEqual(['O-1#1', 'O-2#1'])
    expect(new Set(await hopsOf(shop, 'reader'))).toEqual(
      new Set([
        `O-1#1 ${kept.type} suppressed 1`,
        `O-1#1 seat.reserved.v${on} done 1`,
        `O-2#1 seat.reserved.v${on} done 1`,
      ]),
    )
    expect(new Set((await shop.events(hopRecorded)).map(({ id }) => id)).size).toBe(3)
    await expectNoDrift(shop, { accepted: 5, dead: 0, waiting: 0 })
  })

  it('waits once where the other one was kept from its reader', async () => {
    const lms = { up: false }
    const { seen, service } = reader(seatV2, (_event, state) => (lms.up ? done(counted(state)) : retry(ill)))
    const shop = await open([service], { routes: [route(seatV1, 'reader', { enabled: false })] })
    await inTurn(shop, seat(1, 'O-1'))
    await shop.publish(seat(2, 'O-1'))
    await eventually('an attempt', () => seen.length > 0)
    await shop.publish(seat(2, 'O-1'))
    await eventually('both taken in', async () =>
      (await shop.metric('mesh_records_total')).some((line) => line.includes('outcome="duplicate"')),
    )
    lms.up = true
    await shop.settled()
    expect(await shop.tally('reader', 'O-1')).toBe(1)
    await expectNoDrift(shop, { accepted: 3 })
  })

  it('is handled where the version that is kept from its reader comes while others wait', async () => {
    const lms = { up: false }
    const { seen, service } = reader(seatV2, (_event, state) => (lms.up ? done(counted(state)) : retry(ill)))
    const shop = await open([service], { routes: [route(seatV1, 'reader', { enabled: false })] })
    await shop.publish(seat(2, 'O-1', 'O-1#1'))
    await eventually('an attempt', () => seen.length > 0)
    await shop.publish(seat(1, 'O-1', 'O-1#2'))
    await eventually(
      'the kept one taken in',
      async () => (await shop.mesh.operations.audit()).services[0]?.suppressed === 1,
    )
    await shop.publish(seat(2, 'O-1', 'O-1#2'))
    await eventually(
      'both facts in line',
      async () => (await shop.mesh.operations.audit()).services[0]?.waiting === 3,
    )
    lms.up = true
    await shop.settled()
    expect(await shop.tally('reader', 'O-1')).toBe(2)
    await expectNoDrift(shop, { accepted: 3, dead: 0, waiting: 0 })
  })

  it('is handled once while one of the two waits for another attempt', async () => {
    const lms = { up: false }
    const { seen, service } = reader(seatV2, (_event, state) => (lms.up ? done(counted(state)) : retry(ill)))
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
          on(seatV2, 'note', ({ data: { order } }, state: Tally) =>
            done(counted(state), [emit(noted, { order })]),
          ),
        ],
        { emits: [noted] },
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
