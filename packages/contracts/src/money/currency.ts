import { z } from 'zod'

// ISO 4217 list one as published 2026-01-01 (amendments to 180), element "CcyMnrUnts": 165 codes with a minor unit.
// Left out are the 13 whose minor unit is "N.A.": metals, bond units, SDR, testing (XAU, XDR, XTS, XXX, …).

/** Currencies whose minor unit is not two digits. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

const TWO_DIGITS = (
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
  'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
  'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
  'STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG'
).split(' ')

/** Digits after the decimal point of every active ISO 4217 currency: JPY 0, USD 2, KWD 3, CLF 4. */
export const CURRENCY_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...TWO_DIGITS.map((code) => [code, 2] as const),
  ...Object.entries(EXPONENTS),
])

/** ISO 4217 code in upper case. Open edX sends lower case (interop section 1): normalise before parsing. */
export const currency = z.string().refine((code) => CURRENCY_EXPONENTS.has(code), {
  error: 'must be an ISO 4217 currency code in upper case, such as USD',
})

/** An amount in the currency's minor unit: 14900 is 149.00 USD or 14900 JPY. Never a float (promise 12). */
export const minorUnits = z.int().min(0)

/**
 * Writes an amount for people: `formatMoney(14900, 'USD')` is `149.00 USD`, `formatMoney(-5, 'USD')` is `-0.05 USD`.
 *
 * @param amount - integer of minor units, within the safe integers; negative for money that went back.
 * @param code - ISO 4217 code; an unknown one is shown in minor units.
 */
export const formatMoney = (amount: number, code: string): string => {
  const exponent = CURRENCY_EXPONENTS.get(code)
  if (exponent === undefined) return `${amount} minor units of ${code}`
  const sign = amount < 0 ? '-' : ''
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const cut = digits.length - exponent
  return exponent === 0
    ? `${sign}${digits} ${code}`
    : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)} ${code}`
}
