import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { pause } from '../flow/pause.ts'
import { retry } from '../service/outcome.ts'
import { packIt, packing, shipping, shops, type Packer } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const parcels = Array.from({ length: 300 }, (_, nth) => `P-${nth}`)
const down = {
  code: 'MESH_LMS_UNAVAILABLE',
  reason: 'The LMS can’t be reached.',
  scope: 'dependency',
} as const
const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

const timed = async (work: Promise<void>) => {
  const start = performance.now()
  await work
  return performance.now() - start
}

describe('a slow handler (promise 9)', () => {
  it('makes lag, not memory: little is fetched, and no more runs at once than may', async () => {
    const slow = gate()
    let running = 0
    let peak = 0
    const pack: Packer = async (order, state, context, event) => {
      peak = Math.max(peak, ++running)
      await slow.opened
      running--
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack, { concurrency: 5 })])
    const many = Array.from({ length: 3_000 }, (_, nth) => `P-${nth}`)
    await shop.order(...many)
    await eventually('a full house', () => running === 5)
    const inFlight = Number((await shop.metric('mesh_in_flight'))[0]?.split(' ')[1])
    expect(inFlight).toBeGreaterThanOrEqual(5)
    expect(inFlight).toBeLessThanOrEqual(1_000)
    expect(await shop.metric('mesh_lag_records')).toEqual([
      'mesh_lag_records{service="packing",topic="parcel.ordered.v1"} 3000',
    ])
    expect(peak).toBe(5)
    slow.open()
  })

  it('counts what is resumed and what comes anew together: the LMS bears them both', async () => {
    const closed = gate()
    let running = 0
    let peak = 0
    const pack: Packer = async (order, state, context, event) => {
      if (order.wish === 'wait' && context.attempt === 1) return retry({ ...ill, afterMs: 300 })
      peak = Math.max(peak, ++running)
      await closed.opened
      running--
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack, { concurrency: 2 })])
    await shop.order(...['P-1', 'P-2', 'P-3', 'P-4'].map((parcel) => ({ parcel, wish: 'wait' })))
    await eventually(
      'all waiting',
      async () => (await shop.mesh.store.count('packing', { index: 'dueAt' })) === 4,
    )
    await shop.order('P-5', 'P-6', 'P-7')
    await eventually('two', () => running === 2)
    // The waiting ones come due and find no room; who broke the limit would do so in this time.
    await pause(500)
    closed.open()
    await shop.settled()
    expect(peak).toBe(2)
  })

  it('heeds the operator’s concurrency', async () => {
    const slow = gate()
    let running = 0
    const pack: Packer = async (order, state, context, event) => {
      running++
      await slow.opened
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack, { concurrency: 8 })], {
      services: { packing: { concurrency: 2 } },
    })
    await shop.order('P-1', 'P-2', 'P-3', 'P-4')
    await eventually('two', () => running === 2)
    slow.open()
    await shop.settled()
    expect(running).toBe(4)
  })
})

describe('stop (promise 10)', () => {
  it('lets what runs finish and commits it, takes up nothing more, and is done as soon as that is', async () => {
    const slow = gate()
    const seen: string[] = []
    const pack: Packer = async (order, state, context, event) => {
      seen.push(event.id)
      await slow.opened
      return packIt(order, state, context, event)
    }
    const before = await open([packing(pack, { concurrency: 3 })], { graceMs: 30_000 })
    await before.order(...parcels)
    await eventually('three under way', () => seen.length === 3)
    const stopping = timed(before.mesh.stop())
    slow.open()
    expect(await stopping).toBeLessThan(10_000)
    expect(seen).toHaveLength(3)

    const again: string[] = []
    const after = await open(
      [
        packing((order, state, context, event) => {
          again.push(event.id)
          return packIt(order, state, context, event)
        }),
        shipping(),
      ],
      { data: before.data },
    )
    await after.settled()
    expect(again).toHaveLength(parcels.length - 3)
    expect(again).not.toContain(seen[0])
    for (const parcel of parcels)
      expect([await after.packed(parcel), await after.shipped(parcel)]).toEqual([1, 1])
  })

  it('aborts what does not finish within the grace time; the next start does it again', async () => {
    let aborted = 0
    let running = 0
    const stuck: Packer = async (_order, _state, { signal }) => {
      running++
      return untilAborted(signal).finally(() => aborted++)
    }
    const before = await open([packing(stuck, { concurrency: 2 })], { graceMs: 100 })
    await before.order('P-1', 'P-2', 'P-3')
    await eventually('two under way', () => running === 2)
    const took = await timed(before.mesh.stop())
    expect(took).toBeGreaterThanOrEqual(99)
    expect(took).toBeLessThan(2_000)
    await eventually('both aborted', () => aborted === 2)
    const after = await open([packing()], { data: before.data })
    await after.settled()
    for (const parcel of ['P-1', 'P-2', 'P-3']) expect(await after.packed(parcel)).toBe(1)
    expect((await after.hops()).map(({ attempt, outcome }) => `${attempt} ${outcome}`)).toEqual([
      '1 done',
      '1 done',
      '1 done',
    ])
  })

  it('does not wait for a handler that heeds nothing', async () => {
    let running = 0
    const deaf: Packer = async () => {
      running++
      return new Promise<never>(() => undefined)
    }
    const shop = await open([packing(deaf)], { graceMs: 50 })
    await shop.order('P-1')
    await eventually('one under way', () => running === 1)
    expect(await timed(shop.mesh.stop())).toBeLessThan(2_000)
  })

  it('drains a record that waited like any other, within the grace time and no longer', async () => {
    for (const graceMs of [30_000, 100]) {
      const slow = gate()
      let second = 0
      const pack: Packer = async (order, state, context, event) => {
        if (context.attempt === 1) return retry(ill)
        second++
        await Promise.race([slow.opened, untilAborted(context.signal)])
        return packIt(order, state, context, event)
      }
      const before = await open([packing(pack)], { graceMs })
      await before.order('P-1')
      await eventually('a second attempt', () => second === 1)
      const stopping = timed(before.mesh.stop())
      if (graceMs > 100) slow.open()
      expect(await stopping).toBeLessThan(5_000)
      const after = await open([packing()], { data: before.data })
      await after.settled()
      expect(await after.packed('P-1')).toBe(1)
      expect((await after.hops()).map(({ attempt, outcome }) => `${attempt} ${outcome}`).toSorted()).toEqual([
        '1 retry',
        '2 done',
      ])
    }
  })

  it('takes no grace time where all that is left waits for a breaker, or for a retry', async () => {
    const pack: Packer = ({ wish }) => (wish === 'wait' ? retry({ ...ill, afterMs: 60_000 }) : retry(down))
    const shop = await open([packing(pack)], {
      graceMs: 30_000,
      breaker: { failures: 1, coolDownMs: 60_000, maxCoolDownMs: 60_000 },
    })
    await shop.order({ parcel: 'P-0', wish: 'wait' })
    await eventually(
      'a waiting record',
      async () => (await shop.mesh.store.count('packing', { index: 'dueAt' })) === 1,
    )
    await shop.order(...parcels)
    await eventually('an open breaker', async () =>
      (await shop.metric('mesh_breaker_open'))[0]?.endsWith(' 1'),
    )
    expect(await timed(shop.mesh.stop())).toBeLessThan(5_000)
  })

  it('may be called again, and leaves no noise in the log', async () => {
    const shop = await open([packing(), shipping()])
    await shop.order(...parcels)
    await Promise.all([shop.mesh.stop(), shop.mesh.stop()])
    await shop.mesh.stop()
    expect(shop.logged.filter((line) => /"level":(40|50)/.test(line))).toEqual([])
    const after = await open([packing(), shipping()], { data: shop.data })
    await after.settled()
    for (const parcel of parcels) expect(await after.shipped(parcel)).toBe(1)
    expect(await after.mesh.operations.audit()).toMatchObject({ drift: 0 })
  })
})
