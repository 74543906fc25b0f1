import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CURRENCY_EXPONENTS, currency, formatMoney, minorUnits } from './currency.ts'

const withExponent = (digits: number) =>
  [...CURRENCY_EXPONENTS]
    .filter(([, n]) => n === digits)
    .map(([code]) => code)
    .sort()

// ISO 4217 list one as published 2026-01-01, element "CcyMnrUnts".
describe('ISO 4217', () => {
  it('knows the currencies without a minor unit', () => {
    const codes = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    expect(withExponent(0)).toEqual(codes.split(' '))
  })

  it('knows those of three digits and of four', () => {
    expect(withExponent(3)).toEqual(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])
    expect(withExponent(4)).toEqual(['CLF', 'UYW'])
  })

  it('has two digits for the other 139, and no other exponents', () => {
    expect(withExponent(2)).toHaveLength(139)
    expect(CURRENCY_EXPONENTS.size).toBe(17 + 7 + 2 + 139)
  })

  it.each(['XCG', 'ZWG', 'XAD', 'SLE', 'VED', 'MRU', 'STN', 'EUR', 'USD', 'GBP'])('has %s', (code) => {
    expect(CURRENCY_EXPONENTS.get(code)).toBe(2)
    expect(currency.safeParse(code).success).toBe(true)
  })

  it.each(['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL', 'MRO', 'STD', 'VEF', 'BYR'])(
    'has no withdrawn %s',
    (code) => {
      expect(currency.safeParse(code).success).toBe(false)
    },
  )

  it.each(['XAU', 'XAG', 'XPT', 'XPD', 'XDR', 'XSU', 'XUA', 'XBA', 'XBB', 'XBC', 'XBD', 'XTS', 'XXX'])(
    'has no %s, which has no minor unit to count in',
    (code) => {
      expect(currency.safeParse(code).success).toBe(false)
    },
  )

  it.each(['usd', 'Usd', '', 'US', 'USDX', ' USD', '840', 840, null, undefined])(
    'refuses %p as a code',
    (code) => {
      expect(currency.safeParse(code).success).toBe(false)
    },
  )
})

describe('minor units', () => {
  it.each([0, 1, 14_900, Number.MAX_SAFE_INTEGER])('may be %p', (amount) => {
    expect(minorUnits.parse(amount)).toBe(amount)
  })

  it.each([149.5, 0.1, -1, Number.NaN, Infinity, 2 ** 53, '14900', null, 1n])('may not be %p', (amount) => {
    expect(minorUnits.safeParse(amount).success).toBe(false)
  })
})

describe('formatMoney', () => {
  it.each([
    [14_900, 'USD', '149.00 USD'],
    [5, 'USD', '0.05 USD'],
    [0, 'EUR', '0.00 EUR'],
    [14_900, 'JPY', '14900 JPY'],
    [0, 'JPY', '0 JPY'],
    [14_900, 'KWD', '14.900 KWD'],
    [7, 'KWD', '0.007 KWD'],
    [14_900, 'CLF', '1.4900 CLF'],
    [-5, 'USD', '-0.05 USD'],
    [-14_900, 'JPY', '-14900 JPY'],
    [Number.MAX_SAFE_INTEGER, 'USD', '90071992547409.91 USD'],
    [14_900, 'XXX', '14900 minor units of XXX'],
  ])('writes %p %s as %p', (amount, code, text) => {
    expect(formatMoney(amount, code)).toBe(text)
  })

  it('loses nothing: the digits are the amount, the point is at the exponent', () => {
    const code = fc.constantFrom(...CURRENCY_EXPONENTS.keys())
    fc.assert(
      fc.property(fc.maxSafeInteger(), code, (amount, unit) => {
        const [figure = '', name] = formatMoney(amount, unit).split(' ')
        expect(name).toBe(unit)
        expect(Number(figure.replace('.', ''))).toBe(amount === 0 ? 0 : amount)
        expect(figure.split('.')[1]?.length ?? 0).toBe(CURRENCY_EXPONENTS.get(unit))
      }),
    )
  })
})
