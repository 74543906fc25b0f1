import { describe, expect, it } from '@jest/globals'
import { minorUnitsOf } from './amount.ts'

describe('minorUnitsOf', () => {
  it.each([
    ['USD', 14_900, 14_900],
    ['JPY', 14_900, 14_900],
    ['KWD', 5_120, 5_120],
    ['HUF', 1_045, 1_045],
    ['ISK', 500, 5],
    ['UGX', 1_400, 14],
    ['MGA', 500, 50_000],
    ['ISK', 0, 0],
  ])('%s: %i of Stripe are %i minor units', (currency, amount, minor) => {
    expect(minorUnitsOf(amount, currency)).toBe(minor)
  })

  it('makes nothing of a fraction that the currency does not have', () => {
    expect(minorUnitsOf(505, 'ISK')).toBeUndefined()
  })
})
