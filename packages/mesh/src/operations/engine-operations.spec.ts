import { describe, expect, it } from '@jest/globals'
import type { Bus } from '../bus/bus.ts'
import { packing } from '../runtime/parcel-shop.fixture.ts'
import type { Store } from '../store/store.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createOperations } from './engine-operations.ts'

const undeclared = async () => {
  throw new TypeError('Collection was never declared.')
}

describe('operations on engines that no service has ever used', () => {
  const { deadLetters, progress } = createOperations({
    bus: {
      lag: async () => [{ topic: 'parcel.ordered.v1', partition: 0, start: 0, committed: 0, end: 2 }],
    } as unknown as Bus,
    store: { find: undeclared, count: undeclared } as unknown as Store,
    services: [packing()],
    metrics: createMetrics(),
  })

  it('find no dead letters and nothing that waits', async () => {
    expect(await deadLetters({})).toEqual([])
    expect(await progress()).toEqual([{ service: 'packing', lag: 2, waiting: 0, unpublished: 0 }])
  })
})
