import { defineEvent, hopRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import {
  TRACEPARENT,
  orderedEvent,
  outgoing,
  parcelOrdered,
  parcelPacked,
} from '../aggregate/parcel.fixture.ts'
import { sealEvent } from '../aggregate/seal.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { dead, done, emit, retry } from '../service/outcome.ts'
import {
  type Packer,
  type Shop,
  type Tally,
  counted,
  counting,
  packIt,
  packing,
  quickConfig,
  route,
  shipping,
  shops,
} from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }
const down = { code: 'MESH_LMS_UNAVAILABLE', reason: 'The LMS is down.', scope: 'dependency' } as const

const isGift = { field: 'wish', equals: 'gift' }
const where = 'mesh.yaml:3'

/** A desk with two handlers for one event, and what each was given. */
const desk = () => {
  const seen: string[] = []
  const note = (name: string) => (event: { id: string }, state: Tally, context: { options: unknown }) => {
    seen.push(`${name} ${event.id} ${JSON.stringify(context.options)}`)
    return done(counted(state))
  }
  const paper = z.strictObject({ paper: z.enum(['brown', 'red']).default('brown') })
  const service = counting('desk', [
    on(parcelOrdered, 'plain', note('plain')),
    on(parcelOrdered, 'gift', note('gift'), { options: paper }),
  ])
  return { seen, service }
}

const taken = async (shop: Shop, parcel?: string) =>
  (await shop.hops(parcel)).map(({ eventId, handler, outcome, attempt, route: by }) =>
    [eventId, handler, outcome, attempt, by].join(' | '),
  )

describe('routes within one service', () => {
  it('lead an event to the first handler whose condition holds, with the options of its route', async () => {
    const { seen, service } = desk()
    const shop = await open([service], {
      routes: [
        route(parcelOrdered, 'desk/gift', {
          when: { all: [isGift, { field: 'parcel', prefix: 'P-1' }] },
          options: { paper: 'red' },
          where,
        }),
        route(parcelOrdered, 'desk/gift', { when: isGift, where: 'mesh.yaml:8' }),
      ],
    })
    await shop.order('P-1', { parcel: 'P-1', wish: 'gift' }, { parcel: 'P-2', wish: 'gift' })
    await shop.settled()
    expect(seen.toSorted()).toEqual([
      'gift P-1#2 {"paper":"red"}',
      'gift P-2#1 {"paper":"brown"}',
      'plain P-1#1 {}',
    ])
    expect(await shop.tally('desk', 'P-1')).toBe(2)
    expect((await taken(shop)).toSorted()).toEqual([
      'P-1#1 | plain | done | 1 | default',
      'P-1#2 | gift | done | 1 | mesh.yaml:3 when wish equals gift and parcel begins with P-1',
      'P-2#1 | gift | done | 1 | mesh.yaml:8 when wish equals gift',
    ])
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ accepted: 3, done: 3 }],
    })
  })

  it('are those of the service where mesh.yaml says nothing', async () => {
    const { seen, service } = desk()
    const shop = await open([service, packing()])
    await shop.order({ parcel: 'P-1', wish: 'gift' })
    await shop.settled()
    expect(seen).toEqual(['plain P-1#1 {}'])
    expect((await taken(shop)).toSorted()).toEqual([
      'P-1#1 | pack | done | 1 | default',
      'P-1#1 | plain | done | 1 | default',
    ])
  })

  it('heed the condition that a handler declares for itself, until mesh.yaml gives it another', async () => {
    const picky = counting('picky', [
      on(parcelOrdered, 'pick', (_event, state: Tally) => done(counted(state)), {
        when: { field: 'wish', equals: 'x' },
      }),
    ])
    const before = await open([picky])
    await before.order('P-1', { parcel: 'P-2', wish: 'x' })
    await before.settled()
    expect([await before.tally('picky', 'P-1'), await before.tally('picky', 'P-2')]).toEqual([0, 1])
    await before.mesh.stop()
    const after = await open([picky], {
      data: before.data,
      routes: [route(parcelOrdered, 'picky', { where })],
    })
    await after.publish(orderedEvent('e-1', { parcel: 'P-1' }))
    await after.settled()
    expect(await after.tally('picky', 'P-1')).toBe(1)
  })
})

describe('an event that no route takes', () => {
  const gifts = { routes: [route(parcelOrdered, 'packing/pack', { when: isGift, where })] }
  const skipped = `route: ${where} when wish equals gift does not hold`

  it('is suppressed with the reason, in the journal and in the audit, and asks no handler', async () => {
    const asked: string[] = []
    const pack: Packer = (order, state, context, event) => {
      asked.push(event.id)
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack), shipping()], gifts)
    await shop.order('P-1', { parcel: 'P-2', wish: 'gift' })
    await shop.settled()
    expect(asked).toEqual(['P-2#1'])
    expect(await shop.packed('P-1')).toBe(0)
    expect(await shop.hops('P-1')).toMatchObject([
      {
        service: 'packing',
        handler: 'pack',
        outcome: 'suppressed',
        reason: skipped,
        route: `${where} when wish equals gift`,
        attempt: 1,
        caused: [],
      },
    ])
    expect(await shop.metric('mesh_records_total')).toContain(
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="suppressed"} 1',
    )
    expect(await shop.metric('mesh_handle_seconds_count')).toHaveLength(2)
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [
        { service: 'packing', accepted: 2, done: 1, suppressed: 1, dead: 0 },
        { service: 'shipping', accepted: 1, done: 1 },
      ],
    })
  })

  it('stays as it is when it comes again: nobody gets it, and the journal has it once', async () => {
    const shop = await open([packing()], gifts)
    const event = orderedEvent('e-1', { parcel: 'P-1' })
    await shop.publish(event, event)
    await shop.settled()
    expect(await shop.hops('P-1')).toHaveLength(1)
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ accepted: 2, suppressed: 2 }],
    })
  })

  it('does not count for the breaker, neither as an answer nor as a call', async () => {
    const pack: Packer = (order, state, context, event) =>
      order.wish === 'down' ? retry(down) : packIt(order, state, context, event)
    const shop = await open([packing(pack)], {
      routes: [route(parcelOrdered, 'packing', { when: { field: 'wish', exists: true }, where })],
      retry: { ...quickConfig('').retry, initialMs: 3_600_000, maxMs: 3_600_000 },
      breaker: { failures: 3, coolDownMs: 60_000, maxCoolDownMs: 60_000 },
    })
    const isOpen = async () =>
      (await shop.metric('mesh_breaker_open')).includes('mesh_breaker_open{service="packing"} 1')
    const gone = (parcel: string, outcome: string) =>
      eventually(`${outcome} of ${parcel}`, async () => (await shop.hops(parcel))[0]?.outcome === outcome)
    for (const parcel of ['P-1', 'P-2']) {
      await shop.order({ parcel, wish: 'down' })
      await gone(parcel, 'retry')
    }
    await shop.order('P-3')
    await gone('P-3', 'suppressed')
    expect(await isOpen()).toBe(false)
    await shop.order({ parcel: 'P-4', wish: 'down' })
    await eventually('an open breaker', isOpen)
    await shop.order('P-5')
    await gone('P-5', 'suppressed')
    expect(await isOpen()).toBe(true)
  })

  it('waits for nothing and holds nothing back; what is taken keeps the order of its key', async () => {
    const lms = { up: false }
    const pack: Packer = (order, state, context, event) =>
      lms.up ? packIt(order, state, context, event) : retry(ill)
    const shop = await open([packing(pack)], gifts)
    const gift = { parcel: 'P-1', wish: 'gift' }
    await shop.order(gift, 'P-1', gift, 'P-2')
    await eventually('two in line and two skipped', async () => {
      const [packed] = (await shop.mesh.operations.audit()).services
      return packed?.waiting === 2 && packed.suppressed === 2
    })
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ waiting: 2, suppressed: 2 }],
    })
    lms.up = true
    await shop.settled()
    expect((await taken(shop, 'P-1')).filter((line) => !line.includes('retry'))).toEqual([
      `P-1#2 | pack | suppressed | 1 | ${where} when wish equals gift`,
      expect.stringMatching(/^P-1#1 \| pack \| done/),
      expect.stringMatching(/^P-1#3 \| pack \| done/),
    ])
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ done: 2, suppressed: 2 }],
    })
  })
})

describe('a handler that is switched off', () => {
  const off = { routes: [route(parcelOrdered, 'packing/pack', { enabled: false, where: 'mesh.yaml:4' })] }

  it('gets nothing, and the journal says why', async () => {
    const shop = await open([packing(), desk().service], off)
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.hops('P-1')).toHaveLength(2)
    expect((await shop.hops('P-1')).find(({ service }) => service === 'packing')).toMatchObject({
      outcome: 'suppressed',
      reason: 'route: mesh.yaml:4 is off',
      route: 'mesh.yaml:4',
    })
    expect(await shop.events(parcelPacked)).toEqual([])
  })

  it('ends what waited for another attempt, as a further attempt of it', async () => {
    const before = await open([packing(() => retry(ill))])
    await before.order('P-1')
    await eventually('a second attempt', async () => (await before.hops('P-1')).length >= 2)
    await before.mesh.stop()
    const after = await open([packing()], { ...off, data: before.data })
    await after.settled()
    const hops = await after.events(hopRecorded)
    const last = hops.at(-1)?.data
    expect(last).toMatchObject({ outcome: 'suppressed', reason: 'route: mesh.yaml:4 is off' })
    expect(last?.attempt).toBe(hops.length)
    expect(new Set(hops.map(({ id }) => id)).size).toBe(hops.length)
    expect(await after.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ suppressed: 1, waiting: 0 }],
    })
  })
})

describe('the route in the journal', () => {
  it('stands in every attempt, also in one that fails', async () => {
    const pack: Packer = (order, state, context, event) =>
      order.wish === 'die'
        ? dead(ill)
        : context.attempt < 3
          ? retry(ill)
          : packIt(order, state, context, event)
    const shop = await open([packing(pack)], { routes: [route(parcelOrdered, 'packing', { where })] })
    await shop.order('P-1', { parcel: 'P-2', wish: 'die' })
    await shop.settled()
    expect((await shop.hops()).map(({ route: by }) => by)).toEqual([where, where, where, where])
  })

  it('is shortened where a condition lists a thousand values', async () => {
    const when = { field: 'parcel', in: Array.from({ length: 1_000 }, (_, nth) => `P-${nth}`) }
    const shop = await open([packing()], { routes: [route(parcelOrdered, 'packing', { when, where })] })
    await shop.order('P-1', 'X-1')
    await shop.settled()
    const [took, left] = [(await shop.hops('P-1'))[0], (await shop.hops('X-1'))[0]]
    expect(took?.route).toMatch(/^mesh\.yaml:3 when parcel in P-0, P-1, .*…$/)
    expect(took?.route?.length).toBe(300)
    expect(left?.reason).toMatch(/^route: mesh\.yaml:3 when parcel in .*… does not hold$/)
  })

  it('names what personal fields are compared with nowhere (promise 11)', async () => {
    const email = 'marker@example.org'
    const letterSent = defineEvent({
      name: 'letter.sent',
      version: 1,
      owner: 'shop',
      summary: 'A letter was sent.',
      key: (data) => data.letter,
      personal: ['to', 'copies.*.email'],
      data: z.strictObject({
        letter: z.string(),
        to: z.strictObject({ email: z.string() }),
        copies: z.array(z.strictObject({ email: z.string() })),
      }),
    })
    const sorting = counting('sorting', [
      on(letterSent, 'sort', (_event, state: Tally) => done(counted(state))),
      on(parcelOrdered, 'look', (_event, state: Tally) => done(counted(state))),
    ])
    const secret = (field: string) => [
      { field, equals: email },
      { field, in: [email, 'other@example.org'] },
      { field, prefix: 'marker@' },
    ]
    const shop = await open([sorting], {
      routes: [
        route(letterSent, 'sorting/sort', {
          when: { any: [...secret('to.email'), ...secret('copies.*.email')] },
          where: 'mesh.yaml:5',
        }),
        route(parcelOrdered, 'sorting/look', { when: { any: secret('learner.email') }, where }),
      ],
    })
    const letter = (id: string, address: string) =>
      outgoing(
        sealEvent(
          letterSent,
          { letter: id, to: { email: address }, copies: [{ email: address }] },
          { service: 'shop', id, traceparent: TRACEPARENT, now: new Date() },
        ),
      )
    await shop.mesh.bus.publish([letter('L-1', email), letter('L-2', 'nobody@example.org')])
    await shop.order(
      { parcel: 'P-1', learner: { email, username: 'u' } },
      { parcel: 'P-2', learner: { email: 'nobody@example.org', username: 'u' } },
    )
    await shop.settled()
    const hops = await shop.events(hopRecorded)
    expect(hops.map(({ data }) => data.outcome).toSorted()).toEqual([
      'done',
      'done',
      'suppressed',
      'suppressed',
    ])
    expect(JSON.stringify(hops)).not.toMatch(/marker|other@|nobody@/)
    expect(shop.logged.join('')).not.toMatch(/marker|other@|nobody@/)
    expect(JSON.stringify(hops)).toContain('learner.email equals [personal]')
  })
})

describe('a route to what follows', () => {
  it('is looked at again for what a handler emits', async () => {
    const noted: Packer = ({ parcel, wish }, { packed }) =>
      done({ packed: packed + 1 }, [
        emit(parcelPacked, { parcel, ...(wish !== undefined && { note: wish }) }),
      ])
    const shop = await open([packing(noted), shipping()], {
      routes: [
        route(parcelPacked, 'shipping/ship', { when: { not: { field: 'note', exists: true } }, where }),
      ],
    })
    await shop.order('P-1', { parcel: 'P-2', wish: 'keep' })
    await shop.settled()
    expect([await shop.shipped('P-1'), await shop.shipped('P-2')]).toEqual([1, 0])
  })
})

describe('routes that were never held against what is declared', () => {
  it.each([
    ['event', { event: 'parcel.ordred.v1', to: 'desk' }, "no event 'parcel.ordred.v1'"],
    ['handler', { event: parcelOrdered.type, to: 'desk/gfit' }, "Did you mean 'desk/gift'"],
    ['option', { event: parcelOrdered.type, to: 'desk/gift', options: { paper: 'blue' } }, 'options.paper'],
    [
      'condition',
      { event: parcelOrdered.type, to: 'desk/gift', when: { field: 'wsh', exists: true } },
      'wsh',
    ],
  ])('keep the mesh from starting: one with a misspelt %s', async (_part, wrong, message) => {
    const { service } = desk()
    await expect(open([service], { routes: [{ ...wrong, enabled: true }] })).rejects.toThrow(message)
  })

  it('keep the mesh from starting: none that gives a handler the options it needs', async () => {
    const needy = counting('desk', [
      on(parcelOrdered, 'wrap', (_event, state: Tally) => done(counted(state)), {
        options: z.strictObject({ paper: z.string() }),
      }),
    ])
    await expect(open([needy])).rejects.toThrow('desk/wrap needs options')
  })
})
