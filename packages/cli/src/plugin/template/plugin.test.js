import { deepEqual, equal } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { orderFulfilled, sampleOf } from '@commerce-mesh/contracts'
import { given } from '@commerce-mesh/testing/given'
import { recordOnOrderFulfilled } from './plugin.js'

const fresh = { recorded: false }
const order = sampleOf(orderFulfilled)

describe('order.fulfilled', () => {
  it('is recorded', async () => {
    const then = await given(recordOnOrderFulfilled, fresh).when(order)
    equal(then.outcome, 'done')
    deepEqual(then.events, [
      {
        type: 'your-plugin.recorded.v1',
        data: { orderNumber: 'EDX-100001', recordedAt: '2026-01-01T00:00:00.000Z', lines: 1 },
      },
    ])
  })

  it('is recorded once', async () => {
    const first = await given(recordOnOrderFulfilled, fresh).when(order)
    const second = await given(recordOnOrderFulfilled, first.state).when(order)
    deepEqual([second.outcome, second.reason, second.events], ['suppressed', 'recorded before', []])
  })

  it('is left alone with fewer lines than the route wants', async () => {
    const then = await given(recordOnOrderFulfilled, fresh).when(order, { options: { least: 2 } })
    deepEqual([then.outcome, then.reason], ['suppressed', 'fewer than 2 lines'])
  })
})
