import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { retry } from '../service/outcome.ts'
import { type Shop, packing, shipping, shops } from './parcel-shop.fixture.ts'
import {
  type Print,
  expectHandled,
  labelPrinted,
  labels,
  logLines,
  parcels,
  printIt,
} from './plugin.fixture.ts'

const { open, close } = shops()
afterEach(close)

const down = { code: 'MESH_LMS_UNAVAILABLE', reason: 'The printer is down.', scope: 'dependency' } as const

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
    const options = z.object({ concurrency: z.unknown().default(concurrency) })
    await expect(open([packing(), labels(printIt, { options })])).rejects.toMatchObject({
      code: 'MESH_CONFIG_INVALID',
      message: expect.stringMatching(/labels\.concurrency/),
    })
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
      services: [{ done: parcels.length }, { done: parcels.length }, { done: 0, inFlight: parcels.length }],
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
      const again = (await shop.hops()).filter(
        ({ service, attempt }) => service === 'labels' && attempt === 2,
      )
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

describe('a plugin that does not end', () => {
  const never = () => new Promise<void>(() => {})

  it.each([
    ['its edge', { edge: { open: async () => {}, close: never } }],
    ['its connections', { close: never }],
    ['both', { edge: { open: async () => {}, close: never }, close: never }],
  ])('keeps the mesh from stopping no longer than the grace time: %s', async (_what, parts) => {
    const shop = await open([packing(), labels(printIt, { start: () => parts })], { graceMs: 100 })
    await shop.order('P-1')
    await shop.settled()
    await shop.mesh.stop()
    expect(logLines(shop)).toContainEqual(
      expect.objectContaining({ service: 'labels', msg: 'did not close in time; left behind' }),
    )
    const again = await open([packing()], { data: shop.data })
    expect(await again.packed('P-1')).toBe(1)
  })
})
