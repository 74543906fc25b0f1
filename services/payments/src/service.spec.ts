import { describe, expect, it } from '@jest/globals'
import { payments, paymentsOptions } from './service.ts'

describe('the payments service', () => {
  it('has a handler for everything it consumes, and owns what it emits', async () => {
    const { handlers } = await payments.start({} as Parameters<typeof payments.start>[0])
    expect(handlers.map((handler) => handler.contract)).toEqual(payments.consumes)
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
