import { afterEach, describe, expect, it } from '@jest/globals'
import { parcelOrdered } from '../aggregate/parcel.fixture.ts'
import type { Bus, SubscribeOptions, Subscription } from '../bus/bus.ts'
import { partitionOf } from '../bus/partition.ts'
import { eventually, gate, settled } from '../flow/eventually.fixture.ts'
import { retry } from '../service/outcome.ts'
import { openEngines } from './engines.ts'
import { startMesh } from './mesh.ts'
import { packIt, packing, quickConfig, shops } from './parcel-shop.fixture.ts'

const shop = shops()
afterEach(shop.close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'ill' }

/** Of two members the one that came first keeps the even partitions. */
const parcelOn = (remainder: number, partitions: number): string =>
  Array.from({ length: 100 }, (_, nth) => `P-${nth}`).find(
    (parcel) => partitionOf(parcel, partitions) % 2 === remainder,
  ) ?? ''

describe('a partition that is given back', () => {
  it('stays until what waited for another attempt has ended there (promise 7)', async () => {
    const held = gate()
    let attempts = 0
    const { mesh, order, packed } = await shop.open([
      packing(async (...asked) => {
        if (++attempts === 1) return retry(ill)
        await held.opened
        return packIt(...asked)
      }),
    ])
    const { length } = await mesh.bus.lag('packing', [parcelOrdered.type])
    const parcel = parcelOn(1, length)
    await order(parcel)
    await eventually('the second attempt', () => attempts === 2)
    let joined = false
    const joining = mesh.bus
      .subscribe({ group: 'packing', topics: [parcelOrdered.type], concurrency: 1, handle: async () => {} })
      .finally(() => (joined = true))
    await settled()
    expect(joined).toBe(false)
    held.open()
    const heir = await joining
    // It was committed by whoever had begun it.
    expect(await packed(parcel)).toBe(1)
    expect(attempts).toBe(2)
    await heir.close(0)
  })
})

/** A mesh on a bus whose subscriptions say of themselves what `standing` says; and what was asked of the bus. */
const openStanding = async (standing: Partial<Subscription>, service: ReturnType<typeof packing>) => {
  const asked: SubscribeOptions[] = []
  const overridden = (bus: Bus): Bus => ({
    ...bus,
    subscribe: async (options) => {
      asked.push(options)
      return { ...(await bus.subscribe(options)), ...standing }
    },
  })
  const mesh = await startMesh({
    config: quickConfig(shop.directory(), {}),
    services: [service],
    open: async (...parts) => {
      const engines = await openEngines(...parts)
      return { ...engines, bus: overridden(engines.bus) }
    },
  })
  try {
    return { readiness: await mesh.health.readiness(), asked }
  } finally {
    await mesh.stop()
  }
}

const edge = { open: async () => undefined, close: async () => {} }

describe('readiness', () => {
  const outside: Partial<Subscription> = { isMember: () => false, assigned: () => [] }
  const standingBy: Partial<Subscription> = { isMember: () => true, assigned: () => [] }

  it('waits for the consumer group to count a service in', async () => {
    const { readiness } = await openStanding(outside, packing())
    expect(readiness).toMatchObject({
      ready: false,
      problems: { packing: expect.stringContaining('joining') },
    })
  })

  it('does not wait for partitions: others may own all, and a rollout would hang', async () => {
    const { readiness } = await openStanding(standingBy, packing())
    expect(readiness).toMatchObject({
      ready: true,
      notes: { 'packing group': expect.stringContaining('owns no partition') },
    })
  })

  it('of a service with an edge waits for no group: what callers send is durable, and read later', async () => {
    const { readiness } = await openStanding(outside, packing(packIt, { parts: { edge } }))
    expect(readiness).toMatchObject({
      ready: true,
      notes: { 'packing consumer': expect.stringContaining('joining') },
    })
  })
})

describe('a subscription', () => {
  it('lets records gather for a service that only shows what others did', async () => {
    const lingers = async (journaled: boolean) =>
      (await openStanding({}, packing(packIt, { journaled }))).asked.map(({ lingerMs }) => lingerMs)
    expect(await lingers(true)).toEqual([undefined])
    expect(await lingers(false)).toEqual([50])
  })
})
