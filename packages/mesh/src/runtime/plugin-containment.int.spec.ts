import { type CloudEvent, deadLetterRecorded, defineEvent, hopRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { MOST_HOPS, MOST_SPREAD } from '../aggregate/hops.ts'
import { parcelFailed, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { type HandlerContext, on } from '../service/handler.ts'
import { type Outcome, dead, done, emit, retry } from '../service/outcome.ts'
import {
  type Shop,
  type Tally,
  counted,
  counting,
  packing,
  quickConfig,
  shipping,
  shops,
} from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The printer is ill.' }
const down = { code: 'MESH_LMS_UNAVAILABLE', reason: 'The printer is down.', scope: 'dependency' } as const

const parcels = Array.from({ length: 12 }, (_, nth) => `P-${nth}`)

const eventNamed = (name: string, owner: string) =>
  defineEvent({
    name,
    version: 1,
    owner,
    summary: 'Something happened.',
    key: (data) => data.parcel,
    data: z.strictObject({ parcel: z.string(), nth: z.int().optional() }),
  })

const labelPrinted = eventNamed('label.printed', 'labels')
const labelTorn = eventNamed('label.torn', 'labels')
const pingSent = eventNamed('ping.sent', 'ping')
const pongSent = eventNamed('pong.sent', 'pong')

type Print = (
  parcel: string,
  state: Tally,
  context: HandlerContext,
) => Promise<Outcome<Tally>> | Outcome<Tally>

/** A plugin's service that prints a label for each parcel that is packed. */
const labels = (print: Print, more: Parameters<typeof counting>[2] = {}) =>
  counting(
    'labels',
    [on(parcelPacked, 'print', (event, state: Tally, context) => print(event.data.parcel, state, context))],
    { emits: [labelPrinted, labelTorn], concurrency: 2, ...more },
  )

const printIt: Print = (parcel, state) => done(counted(state), [emit(labelPrinted, { parcel })])

/** Whatever the plugin does: each parcel is packed and shipped, once. */
const expectHandled = async (shop: Shop, those: readonly string[] = parcels) => {
  const packed = await Promise.all(those.map((parcel) => shop.packed(parcel)))
  const shipped = await Promise.all(those.map((parcel) => shop.shipped(parcel)))
  expect(new Set([...packed, ...shipped])).toEqual(new Set([1]))
}

const othersAreDone = (shop: Shop) =>
  eventually('the others', async () => {
    await expectHandled(shop)
    return true
  })

const breakers = async (shop: Shop) =>
  Object.fromEntries(
    (await shop.metric('mesh_breaker_open')).map((line) => {
      const [, service = '', value = ''] = /service="(.*)"\} (\d)/.exec(line) ?? []
      return [service, value]
    }),
  )

const warnings = (shop: Shop) =>
  shop.logged.map((line) => JSON.parse(line) as { msg: string; service?: string; handler?: string })

describe('a plugin that throws', () => {
  it('is tried again, and then has dead letters with its name; nobody else notices', async () => {
    const broken: Print = () => {
      throw new RangeError('marker')
    }
    const shop = await open([packing(), shipping(), labels(broken)])
    await shop.order(...parcels)
    await shop.settled()
    await expectHandled(shop)
    const letters = await shop.mesh.operations.deadLetters({})
    expect(letters).toHaveLength(parcels.length)
    for (const letter of letters)
      expect(letter).toMatchObject({
        class: 'permanent',
        code: 'MESH_HANDLER_THREW',
        service: 'labels',
        handler: 'print',
        producer: 'packing',
        attempts: 10,
      })
    expect(await breakers(shop)).toEqual({ packing: '0', shipping: '0', labels: '0' })
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [
        { service: 'packing', done: parcels.length, dead: 0 },
        { service: 'shipping', done: parcels.length, dead: 0 },
        { service: 'labels', done: 0, dead: parcels.length },
      ],
    })
    expect(shop.logged.join('')).not.toContain('marker')
  })

  it('while it starts, or has no state to begin with, keeps the mesh from starting and is named', async () => {
    const failing = () => {
      throw new Error('no printer')
    }
    const why = { code: 'MESH_SERVICE_INVALID', message: expect.stringMatching(/'labels'.*no printer/) }
    await expect(open([packing(), labels(printIt, { start: failing })])).rejects.toMatchObject(why)
    await expect(open([packing(), labels(printIt, { initialState: failing })])).rejects.toMatchObject(why)
  })

  it.each([0, -1, 1.5, Number.NaN])('lets nobody configure a concurrency of %s', async (concurrency) => {
    const options = z.object({ concurrency: z.unknown() }).prefault({ concurrency })
    await expect(open([packing(), labels(printIt, { options })])).rejects.toMatchObject({
      code: 'MESH_CONFIG_INVALID',
      message: expect.stringMatching(/labels\.concurrency/),
    })
  })
})

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
    expect(warnings(shop)).toContainEqual(
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
    expect(loops.map(({ service, handler }) => `${service} ${handler}`)).toEqual(['mender mend', 'mender mend'])
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
    await eventually('the end of the circle', async () =>
      (await shop.mesh.operations.deadLetters({ service: 'mender' })).length === 1,
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

describe('a plugin that is slow', () => {
  it('takes as many as its own concurrency allows, and keeps no other service waiting', async () => {
    const printer = gate()
    const busy = { now: 0, peak: 0 }
    const slow: Print = async (parcel, state, context) => {
      busy.peak = Math.max(busy.peak, ++busy.now)
      await printer.opened
      busy.now--
      return printIt(parcel, state, context)
    }
    const shop = await open([packing(), shipping(), labels(slow, { concurrency: 3 })])
    await shop.order(...parcels)
    await othersAreDone(shop)
    await eventually('three at once', () => busy.now === 3)
    expect(await shop.events(labelPrinted)).toEqual([])
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [
        { done: parcels.length },
        { done: parcels.length },
        { done: 0, inFlight: parcels.length },
      ],
    })
    printer.open()
    await shop.settled()
    expect(busy.peak).toBe(3)
    expect(await shop.events(labelPrinted)).toHaveLength(parcels.length)
  })

  it('is stopped at its deadline and tried again, and its other keys get their turn', async () => {
    const printer = { ready: false }
    const waiting: Print = (parcel, state, context) =>
      printer.ready
        ? printIt(parcel, state, context)
        : new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(new Error('broken off')), { once: true })
          })
    const shop = await open([packing(), shipping(), labels(waiting, { concurrency: 1 })], { deadlineMs: 20 })
    const few = parcels.slice(0, 4)
    await shop.order(...few)
    await eventually('a second attempt of each', async () => {
      const again = (await shop.hops()).filter(({ service, attempt }) => service === 'labels' && attempt === 2)
      return new Set(again.map(({ key }) => key)).size === few.length
    })
    printer.ready = true
    await shop.settled()
    await expectHandled(shop, few)
    const failed = (await shop.hops()).filter(({ outcome }) => outcome === 'retry')
    expect(new Set(failed.map(({ service, handler, code }) => `${service} ${handler} ${code}`))).toEqual(
      new Set(['labels print MESH_HANDLER_DEADLINE']),
    )
    expect(await shop.events(labelPrinted)).toHaveLength(few.length)
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
  })

  it('and heeds no signal is left behind after a while, so that its key goes on', async () => {
    const hung = gate()
    const stubborn: Print = async (parcel, state, context) => {
      if (context.attempt === 1) await hung.opened
      return printIt(parcel, state, context)
    }
    const shop = await open([packing(), shipping(), labels(stubborn, { concurrency: 1 })], { deadlineMs: 20 })
    await shop.order('P-1')
    await eventually('one who hangs', async () => (await shop.shipped('P-1')) === 1)
    await shop.settled()
    expect(
      (await shop.hops('P-1'))
        .filter(({ service }) => service === 'labels')
        .map(({ outcome, code }) => [outcome, code]),
    ).toEqual([
      ['retry', 'MESH_HANDLER_DEADLINE'],
      ['done', undefined],
    ])
    // What it decides in the end counts for nothing.
    hung.open()
    await shop.settled()
    expect(await shop.tally('labels', 'P-1')).toBe(1)
  })
})

describe('a plugin whose dependency is down', () => {
  it('is held back by its own breaker; the others’ stay closed', async () => {
    const printer = { up: false }
    const dependent: Print = (parcel, state, context) =>
      printer.up ? printIt(parcel, state, context) : retry(down)
    const shop = await open([packing(), shipping(), labels(dependent)])
    await shop.order(...parcels)
    await eventually('an open breaker', async () => (await breakers(shop))['labels'] === '1')
    await othersAreDone(shop)
    expect(await breakers(shop)).toEqual({ packing: '0', shipping: '0', labels: '1' })
    expect(await shop.events(labelPrinted)).toEqual([])
    printer.up = true
    await shop.settled()
    expect(await breakers(shop)).toEqual({ packing: '0', shipping: '0', labels: '0' })
    expect(await shop.events(labelPrinted)).toHaveLength(parcels.length)
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
  })
})

describe('a plugin with wrong output', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const loose = (value: unknown) => value as Outcome<Tally>
  /** A decision whose parts are not its own, as a class with getters makes it. */
  class Decision {
    get outcome() {
      return 'done'
    }
    get state() {
      return { count: 100 }
    }
  }
  const output = 'MESH_HANDLER_OUTPUT'
  const threw = 'MESH_HANDLER_THREW'
  const changed = (state: Tally) => Object.assign(state, { count: 100 })
  const wrong: readonly (readonly [string, string, (state: Tally) => unknown])[] = [
    ['an event that breaks its contract', output, () => done({ count: 9 }, [{ contract: labelPrinted, data: {} }])],
    ['an event that its service does not declare', output, () => done({ count: 9 }, [emit(parcelFailed, { parcel: 'P-1' })])],
    ['an event that its handler does not declare', output, () => done({ count: 9 }, [emit(labelTorn, { parcel: 'P-1' })])],
    ['an event of a contract that is none', output, () => done({ count: 9 }, [{ contract: { type: labelPrinted.type } } as never])],
    ['a state that is no JSON: a cycle', output, () => done(cycle)],
    ['a state that is no JSON: a bigint', output, () => done({ count: 1n })],
    ['a state that is no JSON: a function', output, () => done(() => 9)],
    ['a state that is no JSON: a symbol', output, () => done(Symbol('state'))],
    ['lines that are no text', output, () => ({ ...done({ count: 9 }), lines: { 1: 7 } })],
    ['nothing', threw, () => undefined],
    ['an outcome that there is not', threw, () => ({ outcome: 'finished', state: { count: 9 } })],
    ['an outcome that is none of its own', threw, () => new Decision()],
    ['a state that it changed, and then an error', threw, (state) => changed(state) && undefined],
    ['a state that it changed, and then a refusal', threw, (state) => changed(state) && dead(ill)],
  ]

  it.each(wrong)('that decides on %s gets a dead letter (%s), and changes nothing', async (_what, code, decide) => {
    const careless = counting(
      'labels',
      [
        on(
          parcelOrdered,
          'print',
          ({ data: { parcel, wish } }, state: Tally) =>
            wish === 'fault' ? loose(decide(state)) : done(counted(state), [emit(labelPrinted, { parcel })]),
          { emits: [labelPrinted] },
        ),
      ],
      { emits: [labelPrinted, labelTorn] },
    )
    const shop = await open([packing(), shipping(), careless])
    await shop.order('P-1', { parcel: 'P-1', wish: 'fault' }, 'P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
      { code, service: 'labels', handler: 'print', eventId: 'P-1#2', class: 'permanent' },
    ])
    expect(await shop.tally('labels', 'P-1')).toBe(2)
    expect([await shop.packed('P-1'), await shop.shipped('P-1')]).toEqual([3, 3])
    expect(await shop.events(labelPrinted)).toHaveLength(2)
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0 })
    expect(warnings(shop)).toContainEqual(
      expect.objectContaining({ msg: 'dead letter', service: 'labels', handler: 'print', code }),
    )
  })

  it('can’t change the options of its route for those who come after', async () => {
    const seen: unknown[] = []
    const meddler = counting('labels', [
      on(
        parcelOrdered,
        'print',
        (_event, state: Tally, { options }) => {
          seen.push(structuredClone(options))
          Object.assign(options, { paper: 'none' })
          return done(counted(state))
        },
        { options: z.strictObject({ paper: z.string().default('a4') }) },
      ),
    ])
    const shop = await open([packing(), meddler])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    expect(new Set(seen.map((options) => JSON.stringify(options)))).toEqual(new Set(['{"paper":"a4"}']))
    expect(await shop.mesh.operations.deadLetters({})).toHaveLength(2)
  })

  it('can’t mix up keys through a state that they share at the beginning', async () => {
    const shared = { count: 0 }
    const sharing = labels(
      (_parcel, state) => {
        ;(state as { count: number }).count++
        return done(state)
      },
      { initialState: () => shared },
    )
    const shop = await open([packing(), sharing])
    await shop.order('P-1', 'P-2')
    await shop.settled()
    expect(shared.count).toBe(0)
    expect(await shop.mesh.operations.deadLetters({})).toHaveLength(2)
  })

  it('may promise its last words, and fail to keep that: the record is exhausted, and the process goes on', async () => {
    const late = counting('labels', [
      on(parcelOrdered, 'print', () => retry<Tally>(ill), {
        exhausted: () => Promise.reject(new RangeError('marker')) as never,
      }),
    ])
    const shop = await open([packing(), late], {
      retry: { ...quickConfig('').retry, windowHours: 30 / 3_600_000 },
    })
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'exhausted' })).toMatchObject([{ service: 'labels' }])
    expect(shop.logged.join('')).toContain('RangeError')
    expect(shop.logged.join('')).not.toContain('marker')
  })
})
