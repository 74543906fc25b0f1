import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { orderedEvent, outgoing, parcelOrdered } from '../aggregate/parcel.fixture.ts'
import { embeddedBus } from '../bus/embedded/embedded-bus.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { quickConfig, packing, shops } from '../runtime/parcel-shop.fixture.ts'
import { openMesh } from '../runtime/open-mesh.ts'
import { dead, retry, suppressed } from '../service/outcome.ts'
import { openSqliteEngine } from '../sqlite/engine.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import { auditServices } from './audit-services.ts'

const { open, close, directory } = shops()
afterEach(close)

const services = [packing()]

const auditOf = async (data: string) => {
  const mesh = await openMesh({ config: quickConfig(data), services })
  const report = await mesh.operations.audit()
  await mesh.close()
  return report
}

describe('audit (promise 6)', () => {
  it('finds the fate of every record: done, suppressed, dead, waiting, in flight', async () => {
    const shop = await open([
      packing(({ wish }, state, { attempt }) => {
        if (wish === 'wait') return retry({ code: 'MESH_LMS_ERROR', reason: 'ill', afterMs: 3_600_000 })
        if (wish === 'die') return dead({ code: 'MESH_LMS_FORBIDDEN', reason: 'no' })
        return wish === 'skip'
          ? suppressed('nothing to do')
          : { outcome: 'done', state: { packed: state.packed + attempt } }
      }),
    ])
    await shop.order(
      'P-1',
      'P-2',
      'P-2',
      { parcel: 'P-3', wish: 'skip' },
      { parcel: 'P-4', wish: 'die' },
      { parcel: 'P-5', wish: 'wait' },
    )
    await shop.order('P-5')
    await shop.mesh.bus.publish([
      { ...outgoing(orderedEvent('x', { parcel: 'P-6' })), value: Buffer.from('{') },
    ])
    await eventually('all but the waiting', async () => {
      const [packing] = (await shop.mesh.operations.audit()).services
      return packing?.inFlight === 0 && packing.unpublished === 0
    })
    expect((await shop.mesh.operations.audit()).services).toEqual([
      {
        service: 'packing',
        accepted: 8,
        done: 3,
        suppressed: 1,
        dead: 2,
        waiting: 2,
        inFlight: 0,
        unpublished: 0,
        drift: 0,
        lost: [],
      },
    ])
    expect(await shop.metric('mesh_drift_records')).toEqual(['mesh_drift_records{service="packing"} 0'])
  })

  /** Data of a mesh on which records were published and offsets committed, but nothing handled. */
  const neglected = async (count: number, committed: number) => {
    const data = directory()
    const shop = await open(services, { data, bus: { ...quickConfig('').bus, partitions: 1 } })
    await shop.mesh.stop()
    const engine = await openSqliteEngine(data)
    const bus = embeddedBus(engine)
    await bus.publish(
      Array.from({ length: count }, (_, nth) => outgoing(orderedEvent(`e-${nth}`, { parcel: `P-${nth}` }))),
    )
    const { id } = engine.reader.prepare('SELECT id FROM topic WHERE name = ?').get(parcelOrdered.type) as {
      id: number
    }
    await engine.write({ kind: 'commit', group: 'packing', topic: id, partition: 0, offset: committed })
    await bus.close()
    await engine.close()
    return data
  }

  it('finds a record that the offset has passed and that nobody handled, and names its place', async () => {
    const report = await auditOf(await neglected(3, 1))
    expect(report).toMatchObject({
      drift: 1,
      services: [{ accepted: 3, done: 0, inFlight: 2, drift: 1, lost: ['parcel.ordered.v1/0@0'] }],
    })
  })

  it('counts all that are lost, and names the first few', async () => {
    const report = await auditOf(await neglected(700, 650))
    expect(report.services[0]).toMatchObject({ accepted: 700, inFlight: 50, drift: 650 })
    expect(report.services[0]?.lost).toEqual(
      Array.from({ length: 10 }, (_, offset) => `parcel.ordered.v1/0@${offset}`),
    )
  })

  it('takes nothing for lost that is only behind', async () => {
    expect(await auditOf(await neglected(5, 0))).toMatchObject({
      drift: 0,
      services: [{ accepted: 5, inFlight: 5, lost: [] }],
    })
  })

  it('looks up some documents at a time', async () => {
    const data = await neglected(40, 0)
    const engine = await openSqliteEngine(data)
    const [bus, store] = [embeddedBus(engine), sqliteStore(engine)]
    let [reading, most] = [0, 0]
    const counted: Store = {
      ...store,
      get: async (...place) => {
        most = Math.max(most, ++reading)
        await nextTurn()
        reading--
        return await store.get(...place)
      },
    }
    const report = await auditServices({ bus, store: counted, services })
    expect(report.services[0]).toMatchObject({ accepted: 40, inFlight: 40 })
    expect(most).toBe(16)
    await bus.close()
    await engine.close()
  })

  it('runs once for all who ask at the same time, and again for who asks later', async () => {
    const mesh = await openMesh({ config: quickConfig(await neglected(5, 0)), services })
    const { audit } = mesh.operations
    const [first, second] = await Promise.all([audit(), audit()])
    expect(second).toBe(first)
    expect(await audit()).not.toBe(first)
    await mesh.close()
  })
})
