import { describe, expect, it } from '@jest/globals'
import { createRecentOrders } from './recent-orders.ts'

const order = (orderNumber: string, submittedBy: string, count = 1) => ({
  orderNumber,
  submittedBy,
  lines: Array.from({ length: count }, (_, index) => ({ lineId: String(index + 1) })),
})

describe('createRecentOrders', () => {
  it('keeps the first submission of a number', () => {
    const recent = createRecentOrders()
    recent.note(order('EDX-1', 'storefront'))
    recent.note(order('EDX-1', 'partner'))
    expect(recent.get('EDX-1')).toEqual({ submittedBy: 'storefront', lineIds: ['1'] })
  })

  it('keeps only so many orders: the oldest goes first', () => {
    const recent = createRecentOrders(2)
    for (const number of ['EDX-1', 'EDX-2', 'EDX-3']) recent.note(order(number, 'storefront'))
    expect([recent.get('EDX-1'), recent.get('EDX-3')?.submittedBy]).toEqual([undefined, 'storefront'])
  })

  it('keeps a very large order without its lines', () => {
    const recent = createRecentOrders()
    recent.note(order('EDX-1', 'storefront', 21))
    expect(recent.get('EDX-1')?.lineIds).toEqual([])
  })
})
