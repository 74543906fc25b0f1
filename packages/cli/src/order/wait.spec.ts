import type { OrderStatus } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import { knownAttention, settledAfter } from './wait.ts'

const at = '2026-01-01T00:00:00.000Z'
const letter = { deadLetterId: 'dl-1', code: 'MESH_ORDER_CONFLICT', reason: 'Other total.' }
const status = (more: Partial<OrderStatus> = {}): OrderStatus => ({
  orderNumber: 'EDX-1',
  status: 'fulfilled',
  submittedBy: 'shop',
  lines: [],
  timeline: [],
  ...more,
})
const decided: OrderStatus['timeline'][number] = {
  kind: 'hop',
  at,
  id: 'h1',
  eventId: 'e1',
  eventType: 'order.submitted.v1',
  service: 'payments',
  handler: 'handle',
  outcome: 'suppressed',
  attempt: 1,
  durationMs: 1,
  caused: [],
}

describe('settledAfter', () => {
  it('does not take the old enrollment of a known order for an answer to this submission', () => {
    let now = 0
    const done = settledAfter({ eventId: 'e1' }, new Set(), () => now)
    expect(done(status({ status: 'fulfilling' }))).toBe(false)
    expect(done(status())).toBe(false)
    expect(done(status({ timeline: [decided] }))).toBe(true)
    now = 3_000
    expect(done(status())).toBe(true)
  })

  it('ends at a new dead letter, not at one that was there before', () => {
    const fulfilling = status({ status: 'fulfilling', attention: [letter] })
    expect(settledAfter({ eventId: 'e1' }, new Set(), () => 0)(fulfilling)).toBe(true)
    expect(settledAfter({ eventId: 'e1' }, new Set(['dl-1']), () => 0)(fulfilling)).toBe(false)
  })
})

describe('knownAttention', () => {
  const mesh = { order: async () => status({ attention: [letter] }), notes: async () => ({}) }

  it('gives the dead letters that are there, and none for what is no order', async () => {
    expect([...(await knownAttention(mesh, '{"orderNumber":"EDX-1"}'))]).toEqual(['dl-1'])
    expect([...(await knownAttention(mesh, 'no JSON'))]).toEqual([])
  })
})
