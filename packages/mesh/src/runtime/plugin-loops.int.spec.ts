import { deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MOST_HOPS, MOST_SPREAD } from '../aggregate/hops.ts'
import { parcelPacked } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { dead, done, emit } from '../service/outcome.ts'
import { type Tally, counted, counting, packing, shipping, shops } from './parcel-shop.fixture.ts'
import { eventNamed, expectHandled, labels, logLines, parcels } from './plugin.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The printer is ill.' }

const pingSent = eventNamed('ping.sent', 'ping')
const pongSent = eventNamed('pong.sent', 'pong')

describe('an endless loop of events', () => {
  /** Two plugins that answer each other for ever, `fan` answers at a time. */
  const circle = (fan = 1) => [
    counting(
      'ping',
      [
        on(parcelPacked, 'begin', ({ data: { parcel } }, state: Tally) =>
          done(counted(state), [emit(pingSent, { parcel })]),
        ),
        on(pongSent, 'ping', ({ data: { parcel } }, state: Tally) =>
          done(counted(state), [emit(pingSent, { parcel })]),
        ),
      ],
      { emits: [pingSent] },
    ),
    counting(
      'pong',
      [
        on(pingSent, 'pong', ({ data: { parcel } }, state: Tally) =>
          done(
            counted(state),
            Array.from({ length: fan }, (_, nth) => emit(pongSent, { parcel, nth })),
          ),
        ),
      ],
      { emits: [pongSent] },
    ),
  ]

  /** Somebody who only looks on at what goes round, and at the journal. */
  const onlooker = () =>
    counting('onlooker', [
      on(pingSent, 'see', (_event, state: Tally) => done(counted(state))),
      on(hopRecorded, 'read', (_event, state: Tally) => done(counted(state))),
    ])

  it('ends after a bounded number of them, with a dead letter that names who would go on', async () => {
    const shop = await open([packing(), shipping(), ...circle(), onlooker()])
    await shop.order(...parcels)
    await shop.settled()
    await expectHandled(shop)
    const [pings, pongs] = [await shop.events(pingSent), await shop.events(pongSent)]
    expect(pings.length + pongs.length).toBe(parcels.length * MOST_HOPS)
    const letters = await shop.mesh.operations.deadLetters({ limit: 1000 })
    expect(letters).toHaveLength(parcels.length)
    for (const letter of letters)
      expect(letter).toMatchObject({
        class: 'permanent',
        code: 'MESH_EVENT_LOOP',
        service: 'ping',
        handler: 'ping',
        eventType: pongSent.type,
      })
    expect(new Set(letters.map(({ key }) => key)).size).toBe(parcels.length)
    expect(logLines(shop)).toContainEqual(
      expect.objectContaining({ msg: 'dead letter', code: 'MESH_EVENT_LOOP', handler: 'ping' }),
    )
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('harms nobody who only looks on, however late', async () => {
    const shop = await open([packing(), ...circle(), onlooker()])
    await shop.order('P-1')
    await shop.settled()
    const pings = await shop.events(pingSent)
    const hops = await shop.hops('P-1')
    expect(hops).toContainEqual(expect.objectContaining({ outcome: 'dead', code: 'MESH_EVENT_LOOP' }))
    expect(await shop.tally('onlooker', 'P-1')).toBe(pings.length + hops.length)
  })

  it('opens its letter again where it is redriven: it stays a circle', async () => {
    const shop = await open([packing(), ...circle()])
    await shop.order('P-1')
    await shop.settled()
    const { operations } = shop.mesh
    const [letter] = await operations.deadLetters({})
    await operations.redrive(letter?.id ?? '', 'ann')
    await shop.settled()
    expect(await operations.deadLetters({})).toMatchObject([
      { id: letter?.id, status: 'open', code: 'MESH_EVENT_LOOP', attempts: 2 },
    ])
    expect(await operations.audit()).toMatchObject({ drift: 0 })
  })

  it('ends sooner where one event leads to many: there would be too many to count', async () => {
    const fan = 200
    const shop = await open([packing(), shipping(), ...circle(fan)])
    await shop.order('P-1')
    await shop.settled()
    await expectHandled(shop, ['P-1'])
    expect(fan * fan).toBeGreaterThan(MOST_SPREAD)
    expect(await shop.events(pongSent)).toHaveLength(fan)
    expect(await shop.events(pingSent)).toHaveLength(fan + 1)
    const letters = await shop.mesh.operations.deadLetters({ limit: 1000 })
    expect(letters).toHaveLength(fan)
    expect(new Set(letters.map(({ code, service }) => `${service} ${code}`))).toEqual(
      new Set(['pong MESH_EVENT_LOOP']),
    )
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('ends also where it goes through dead letters', async () => {
    const asked = eventNamed('mending.asked', 'mender')
    const mender = counting(
      'mender',
      [
        on(deadLetterRecorded, 'mend', ({ data: { key } }, state: Tally) =>
          done(counted(state), [emit(asked, { parcel: key })]),
        ),
      ],
      { emits: [asked] },
    )
    const helpless = counting('helpless', [on(asked, 'help', () => dead<Tally>(ill))])
    const shop = await open([packing(), shipping(), labels(() => dead(ill)), mender, helpless])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    await expectHandled(shop, ['P-1', 'P-2'])
    const asks = await shop.events(asked)
    expect(asks.length).toBeLessThanOrEqual(2 * MOST_HOPS)
    const letters = await shop.mesh.operations.deadLetters({ limit: 1000 })
    const loops = letters.filter(({ code }) => code === 'MESH_EVENT_LOOP')
    expect(loops.map(({ service, handler }) => `${service} ${handler}`)).toEqual([
      'mender mend',
      'mender mend',
    ])
    expect(letters).toHaveLength(asks.length + 4)
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('ends also where it goes through records that nobody may read', async () => {
    // Its contract has another owner, so that every reader refuses what it emits.
    const stolen = eventNamed('mending.asked', 'somebody')
    const mender = counting(
      'mender',
      [
        on(deadLetterRecorded, 'mend', ({ data: { key } }, state: Tally) =>
          done(counted(state), [emit(stolen, { parcel: key })]),
        ),
      ],
      { emits: [stolen] },
    )
    const reader = counting('reader', [on(stolen, 'read', (_event, state: Tally) => done(counted(state)))])
    const shop = await open([packing(), shipping(), labels(() => dead(ill)), mender, reader])
    await shop.order('P-1')
    await eventually(
      'the end of the circle',
      async () => (await shop.mesh.operations.deadLetters({ service: 'mender' })).length === 1,
    )
    await shop.settled()
    expect((await shop.events(stolen)).length).toBeLessThanOrEqual(MOST_HOPS)
    expect(await shop.mesh.operations.deadLetters({ service: 'mender' })).toMatchObject([
      { code: 'MESH_EVENT_LOOP', handler: 'mend' },
    ])
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })

  it('ends also where it goes through the journal', async () => {
    const wanted = eventNamed('mail.wanted', 'mailer')
    const mailer = counting(
      'mailer',
      [
        on(hopRecorded, 'report', ({ data: { key } }, state: Tally) =>
          done(counted(state), [emit(wanted, { parcel: key })]),
        ),
      ],
      { emits: [wanted] },
    )
    const post = counting('post', [on(wanted, 'send', (_event, state: Tally) => done(counted(state)))])
    const shop = await open([packing(), shipping(), mailer, post])
    await shop.order('P-1')
    await shop.settled()
    await expectHandled(shop, ['P-1'])
    expect((await shop.events(wanted)).length).toBeLessThanOrEqual(2 * MOST_HOPS)
    expect(new Set((await shop.mesh.operations.deadLetters({})).map(({ service }) => service))).toEqual(
      new Set(['mailer']),
    )
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })
})
