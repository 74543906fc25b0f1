import { deadLetterRecorded, defineEvent, upcastFrom } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { outgoing } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { dead, done, retry } from '../service/outcome.ts'
import { counted, shops } from './parcel-shop.fixture.ts'
import { about, expectNoDrift, hopsOf, inTurn, reader, seat, seatV1, seatV2, seatV3 } from './seat.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

describe('an older event in a newer reader', () => {
  it('is tried again as what it is, with its followers of either version in order', async () => {
    const lms = { up: false }
    const { seen, service } = reader(seatV2, ({ id }, state) =>
      id === 'O-1#1' && !lms.up ? retry(ill) : done(counted(state)),
    )
    const shop = await open([service])
    await shop.publish(seat(1, 'O-1'))
    await eventually('a second attempt', () => seen.length >= 2)
    await shop.publish(seat(2, 'O-1', 'O-1#2'))
    const waitingFor = (count: number) =>
      eventually(
        `${count} in line`,
        async () => (await shop.mesh.operations.audit()).services[0]?.waiting === count,
      )
    await waitingFor(2)
    await shop.publish(seat(1, 'O-1', 'O-1#3'))
    await waitingFor(3)
    lms.up = true
    await shop.settled()
    expect(seen.slice(-3).map(({ id, type }) => [id, type])).toEqual([
      ['O-1#1', seatV2.type],
      ['O-1#2', seatV2.type],
      ['O-1#3', seatV2.type],
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
    const shop = await open([reader(seatV1, () => retry(ill)).service])
    await shop.publish(seat(1, 'O-1'), seat(1, 'O-1', 'O-1#2'))
    await eventually(
      'two in line',
      async () => (await shop.mesh.operations.audit()).services[0]?.waiting === 2,
    )
    await shop.mesh.stop()
    const { seen, service } = reader(seatV3)
    const after = await open([service], { data: shop.data })
    await after.settled()
    expect(seen.map(({ id, type }) => [id, type])).toEqual([
      ['O-1#1', seatV3.type],
      ['O-1#2', seatV3.type],
    ])
    await expectNoDrift(after, { done: 2, waiting: 0 })
  })

  it('can be dead and redriven', async () => {
    const mood = { refuse: true }
    const { seen, service } = reader(seatV2, (_event, state) =>
      mood.refuse ? dead(ill) : done(counted(state)),
    )
    const shop = await open([service])
    await inTurn(shop, seat(1, 'O-1'))
    const { operations } = shop.mesh
    const [letter] = await operations.deadLetters({})
    expect(letter).toMatchObject({
      class: 'permanent',
      eventType: seatV1.type,
      producer: 'seats',
      key: 'O-1',
    })
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(await operations.deadLetters({})).toMatchObject([{ id: letter?.id, attempts: 2 }])
    mood.refuse = false
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(seen.map(({ type }) => type)).toEqual([seatV2.type, seatV2.type, seatV2.type])
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
  ])(
    'whose upcast %s is a dead letter of class contract that tells nothing of the data',
    async (_what, email) => {
      const { seen, service } = reader(seatV3)
      const shop = await open([service])
      await inTurn(shop, seat(1, 'O-1', 'O-1#1', email), seat(1, 'O-1', 'O-1#2'))
      expect(seen.map(({ id }) => id)).toEqual(['O-1#2'])
      const [letter, ...more] = await shop.mesh.operations.deadLetters({ class: 'contract' })
      expect(more).toEqual([])
      expect(letter).toMatchObject({
        code: 'MESH_EVENT_CONTRACT',
        eventId: 'O-1#1',
        eventType: seatV1.type,
        producer: 'seats',
        findings: [{ path: 'data', message: expect.stringMatching(/can’t be read as seat\.reserved\.v2/) }],
      })
      const told = [letter?.reason, letter?.findings, await shop.events(deadLetterRecorded), shop.logged]
      expect(JSON.stringify(told)).not.toMatch(/marker/)
      expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1, dead: 1 }] })
    },
  )

  it('whose upcast is mended later is handled when it is redriven', async () => {
    const shop = await open([reader(seatV2).service])
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
    const { seen, service } = reader(mended)
    const after = await open([service], { data: shop.data })
    await after.mesh.operations.redrive(id, 'ann')
    await after.settled()
    expect(seen).toMatchObject([{ id: 'O-1#1', data: { buyer: { email: 'invalid@example.org' } } }])
    expect(await after.mesh.operations.deadLetters({})).toEqual([])
    await expectNoDrift(after, { done: 1, dead: 0 })
  })

  it('that breaks the older contract is told so in the older contract’s words', async () => {
    const shop = await open([reader(seatV2).service])
    const record = outgoing(seat(1, 'O-1'))
    await shop.mesh.bus.publish([{ ...record, value: Buffer.from('{"order":"O-1","buyer":{"email":"x"}}') }])
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'contract' })).toMatchObject([
      { findings: expect.arrayContaining([{ path: 'data.email', message: 'is missing' }]) },
    ])
    await expectNoDrift(shop, { dead: 1 })
  })

  it('on the topic of the newer version is refused: its readers keep to their topics', async () => {
    const shop = await open([reader(seatV2).service])
    await shop.mesh.bus.publish([{ ...outgoing(seat(1, 'O-1')), topic: seatV2.type }])
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'contract' })).toMatchObject([
      { eventType: seatV1.type, findings: [{ path: 'type', message: expect.stringContaining(seatV2.type) }] },
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
    const { seen, service } = reader(moved)
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
