import { afterEach, describe, expect, it } from '@jest/globals'
import { orderedEvent } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { done, retry } from '../service/outcome.ts'
import { type Packer, type Shop, packIt, packing, shops } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const down = {
  code: 'MESH_LMS_UNAVAILABLE',
  reason: 'The LMS can’t be reached.',
  scope: 'dependency',
} as const

/** A packer whose LMS can be taken down. */
const dependent = () => {
  const lms = { up: false, calls: 0, now: 0, peak: 0 }
  const attempts = new Map<string, number[]>()
  const pack: Packer = async (order, state, context, event) => {
    lms.calls++
    lms.peak = Math.max(lms.peak, ++lms.now)
    attempts.set(event.id, [...(attempts.get(event.id) ?? []), context.attempt])
    await new Promise((resolve) => void setImmediate(resolve))
    lms.now--
    return lms.up ? packIt(order, state, context, event) : retry(down)
  }
  return { lms, attempts, pack }
}

const isOpen = async (shop: Shop) =>
  (await shop.metric('mesh_breaker_open')).includes('mesh_breaker_open{service="packing"} 1')

const parcels = Array.from({ length: 200 }, (_, nth) => `P-${nth}`)

describe('an LMS that is down as a whole (promise 8)', () => {
  it('holds the service back: records wait in the log, no attempts are spent, and all is done when it is back', async () => {
    const { lms, attempts, pack } = dependent()
    const shop = await open([packing(pack, { concurrency: 4 })])
    await shop.order(...parcels)
    await eventually('an open breaker', () => isOpen(shop))
    expect(await shop.mesh.health.readiness()).toMatchObject({
      ready: true,
      notes: { packing: expect.stringMatching(/^held back since .*: MESH_LMS_UNAVAILABLE: The LMS/) },
    })
    const before = lms.calls
    await eventually('some probes', () => lms.calls >= before + 5)
    // What failed before the breaker opened waits in the store; the rest is where it was.
    const waiting = await shop.mesh.store.count('packing', { index: 'dueAt' })
    expect(waiting).toBeLessThanOrEqual(4)
    expect(lms.peak).toBeLessThanOrEqual(4)
    expect(await shop.mesh.operations.deadLetters({})).toEqual([])
    const metrics = Object.fromEntries(
      (await shop.metric('mesh_lag_records')).map((line) => [line, Number(line.split(' ')[1])]),
    )
    expect(Object.values(metrics)[0]).toBeGreaterThanOrEqual(parcels.length - 8)
    lms.up = true
    await shop.settled()
    expect(await isOpen(shop)).toBe(false)
    for (const parcel of parcels) expect(await shop.packed(parcel)).toBe(1)
    expect(Math.max(...[...attempts.values()].flat())).toBeLessThanOrEqual(2)
    expect((await shop.hops()).filter(({ outcome }) => outcome === 'retry').length).toBeLessThanOrEqual(4)
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ done: parcels.length }],
    })
  })

  it('probes with one call at a time', async () => {
    const { lms, pack } = dependent()
    const shop = await open([packing(pack, { concurrency: 8 })])
    await shop.order(...parcels)
    await eventually('an open breaker', () => isOpen(shop))
    await eventually('nothing under way', () => lms.now === 0)
    lms.peak = 0
    const before = lms.calls
    await eventually('some probes', () => lms.calls >= before + 10)
    expect(lms.peak).toBe(1)
    lms.up = true
    await shop.settled()
  })

  it('asks nothing before the time that the LMS names (Retry-After)', async () => {
    const times: number[] = []
    const pack: Packer = (order, state, context, event) => {
      times.push(performance.now())
      return times.length === 1
        ? retry({ ...down, code: 'MESH_LMS_THROTTLED', afterMs: 200 })
        : packIt(order, state, context, event)
    }
    const shop = await open([packing(pack, { concurrency: 1 })])
    await shop.order('P-1', 'P-2', 'P-3')
    await shop.settled()
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(199)
    expect((await shop.hops()).map(({ attempt, outcome }) => `${attempt} ${outcome}`)).toEqual([
      '1 done',
      '1 done',
      '1 done',
    ])
  })

  it('keeps what a held-back record had reached: the LMS is not asked for it again', async () => {
    const seen: number[] = []
    const pack: Packer = (_order, { packed }, { attempt }) => {
      seen.push(packed)
      return seen.length < 4
        ? retry(down, { state: { packed: packed + 1 } })
        : done({ packed: packed * 10 + attempt })
    }
    const shop = await open([packing(pack)], { breaker: { failures: 1, coolDownMs: 10, maxCoolDownMs: 10 } })
    await shop.order('P-1')
    await shop.settled()
    expect(seen).toEqual([0, 1, 2, 3])
    expect(await shop.packed('P-1')).toBe(31)
  })

  it('says once that the service is held back, and once that it goes on', async () => {
    const { lms, pack } = dependent()
    const shop = await open([packing(pack)])
    await shop.order(...parcels.slice(0, 20))
    await eventually('an open breaker', () => isOpen(shop))
    const before = lms.calls
    await eventually('some probes', () => lms.calls >= before + 5)
    lms.up = true
    await shop.settled()
    const told = shop.logged.map((line) => JSON.parse(line) as { msg: string; service?: string })
    expect(
      told
        .filter(({ msg }) => /held back|going on/.test(msg))
        .map(({ msg, service }) => [service, msg.split(':')[0]]),
    ).toEqual([
      ['packing', 'held back'],
      ['packing', 'going on'],
    ])
  })

  it('does not keep the outboxes of other keys from being published', async () => {
    const { lms, pack } = dependent()
    lms.up = true
    const before = await open([packing(pack)])
    const publish = before.mesh.bus.publish.bind(before.mesh.bus)
    before.mesh.bus.publish = async (records) => {
      if (records.some(({ topic }) => topic === 'parcel.packed.v1')) throw new Error('The bus is out.')
      return publish(records)
    }
    await before.order('P-1', 'P-2')
    await eventually(
      'both packed',
      async () => (await before.packed('P-1')) === 1 && (await before.packed('P-2')) === 1,
    )
    await before.mesh.stop()
    lms.up = false
    const after = await open([packing(pack, { concurrency: 2 })], {
      data: before.data,
      breaker: { failures: 1, coolDownMs: 60_000, maxCoolDownMs: 60_000 },
    })
    await after.publish(orderedEvent('e-1', { parcel: 'P-1' }), orderedEvent('e-2', { parcel: 'P-2' }))
    await eventually('an open breaker', () => isOpen(after))
    await eventually(
      'empty outboxes',
      async () => (await after.mesh.store.count('packing', { index: 'outboxSince' })) === 0,
    )
  })
})
