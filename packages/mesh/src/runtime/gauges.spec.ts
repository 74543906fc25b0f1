import { describe, expect, it } from '@jest/globals'
import type { Bus } from '../bus/bus.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Store } from '../store/store.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { exportGauges } from './gauges.ts'

const setUp = () => {
  const down = { store: false, bus: false }
  let end = 5
  const metrics = createMetrics()
  exportGauges({
    service: 'packing',
    topics: ['a', 'b'],
    store: {
      count: async () => {
        if (down.store) throw new MeshError('MESH_STORE_UNAVAILABLE', 'away')
        return 3
      },
    } as unknown as Store,
    bus: {
      lag: async () => {
        if (down.bus) throw new MeshError('MESH_BUS_UNAVAILABLE', 'away')
        return [{ topic: 'a', partition: 0, start: 0, committed: 1, end: end++ }]
      },
    } as unknown as Bus,
    metrics,
    subscription: undefined,
  })
  const samples = async () =>
    (await metrics.text()).split('\n').filter((line) => /^mesh_(lag_r|wait|outbox|in_fl)/.test(line))
  return { down, samples }
}

const OWN = ['mesh_in_flight{service="packing"} 0']
const OF_STORE = ['mesh_waiting_records{service="packing"} 3', 'mesh_outbox_pending{service="packing"} 3']
const lag = (a: number) => [
  `mesh_lag_records{service="packing",topic="a"} ${a}`,
  'mesh_lag_records{service="packing",topic="b"} 0',
]

describe('the gauges of a service', () => {
  it('go on asking the bus while the store is down, and show nothing old of the store', async () => {
    const { down, samples } = setUp()
    expect(await samples()).toEqual([...OWN, ...OF_STORE, ...lag(4)])
    down.store = true
    expect(await samples()).toEqual([...OWN, ...lag(5)])
    down.store = false
    expect(await samples()).toEqual([...OWN, ...OF_STORE, ...lag(6)])
  })

  it('show no lag rather than an old one while the bus can’t be asked', async () => {
    const { down, samples } = setUp()
    expect(await samples()).toEqual([...OWN, ...OF_STORE, ...lag(4)])
    down.bus = true
    expect(await samples()).toEqual([...OWN, ...OF_STORE])
    down.bus = false
    expect(await samples()).toEqual([...OWN, ...OF_STORE, ...lag(5)])
  })
})
