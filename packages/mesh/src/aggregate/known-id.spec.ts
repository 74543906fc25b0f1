import { describe, expect, it } from '@jest/globals'
import { knownId } from './known-id.ts'

describe('knownId', () => {
  it('is the event’s own id for events of our services', () => {
    expect(knownId({ id: 'e-1', source: '/commerce-mesh/payments' }, 'order.placed')).toBe('e-1')
  })

  it('tells two producers apart that use the same id, and two kinds of events of one producer', () => {
    const ids = [
      knownId({ id: '1', source: '/a' }, 'order.placed'),
      knownId({ id: '1', source: '/b' }, 'order.placed'),
      knownId({ id: '1', source: '/a' }, 'payment.notified'),
    ]
    expect(ids[0]).toBe('/a#order.placed#1')
    expect(new Set(ids).size).toBe(3)
  })

  it('stays short, and the same each time', () => {
    const long = { id: 'x'.repeat(4_000), source: '/a' }
    expect(knownId(long, 'order.placed')).toHaveLength(36)
    expect(knownId(long, 'order.placed')).toBe(knownId({ ...long }, 'order.placed'))
    expect(knownId({ ...long, source: '/b' }, 'order.placed')).not.toBe(knownId(long, 'order.placed'))
  })
})
