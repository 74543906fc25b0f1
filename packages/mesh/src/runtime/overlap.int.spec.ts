import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { orderedEvent, outgoing } from '../aggregate/parcel.fixture.ts'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { temporaryDirectories } from '../sqlite/temp-directory.fixture.ts'
import type { Store } from '../store/store.ts'
import { openEngines } from './engines.ts'
import { type RunningMesh, startMesh } from './mesh.ts'
import { type Packer, packIt, packing, quickConfig } from './parcel-shop.fixture.ts'

const directories = temporaryDirectories()
let mesh: RunningMesh | undefined
afterEach(async () => {
  await mesh?.stop()
  directories.remove()
})

describe('a handler while outcomes are committed', () => {
  it('goes on with the next key, and never runs more often at once than the service says', async () => {
    const commits = gate()
    const slow = (store: Store): Store => ({
      ...store,
      put: async (collection, id, body, expected) => {
        if (collection === 'packing') await commits.opened
        return store.put(collection, id, body, expected)
      },
    })
    const seen: string[] = []
    let now = 0
    let peak = 0
    const pack: Packer = async (order, state, context, event) => {
      seen.push(order.parcel)
      peak = Math.max(peak, ++now)
      await new Promise((resolve) => void setImmediate(resolve))
      now--
      return packIt(order, state, context, event)
    }
    const running = await startMesh({
      config: quickConfig(directories.make()),
      services: [packing(pack, { concurrency: 2 })],
      log: pino({ level: 'silent' }),
      open: async (...options) => {
        const engines = await openEngines(...options)
        return { ...engines, store: slow(engines.store) }
      },
    })
    mesh = running
    const parcels = Array.from({ length: 20 }, (_, nth) => `P-${nth}`)
    await running.bus.publish(parcels.map((parcel) => outgoing(orderedEvent(parcel, { parcel }))))
    await eventually('handlers for the next keys', () => seen.length === 4)
    expect(await running.readState('packing', 'P-0')).toBeUndefined()
    commits.open()
    await eventually('all handled', () => new Set(seen).size === parcels.length)
    expect(peak).toBeLessThanOrEqual(2)
  })
})
