import { describe, expect, it } from '@jest/globals'
import { payments, paymentsOptions } from './service.ts'

describe('the payments service', () => {
  it('takes submissions and notifications, and owns what it emits', () => {
    expect(payments.consumes.map(({ type }) => type)).toEqual(['order.submitted.v1', 'payment.notified.v1'])
    expect(payments.emits.map((contract) => contract.owner)).toEqual(['payments', 'payments'])
  })

  it('handles 16 orders at once unless told otherwise', () => {
    expect(paymentsOptions.parse({})).toEqual({ concurrency: 16 })
    expect(payments.concurrency).toBe(16)
  })

  it.each([{ concurrency: 0 }, { concurrency: 1.5 }, { concurrency: 2000 }])('refuses %j', (options) => {
    expect(paymentsOptions.safeParse(options).success).toBe(false)
  })

  it('refuses an option that it does not know', () => {
    expect(paymentsOptions.safeParse({ parallel: 8 }).success).toBe(false)
  })

  it('describes each option', () => {
    expect(Object.values(paymentsOptions.shape).every((option) => (option.description ?? '') !== '')).toBe(
      true,
    )
  })
})
