import { CURRENCY_EXPONENTS } from '@commerce-mesh/contracts'

/** Currencies that Stripe counts with other digits than ISO 4217 does (docs.stripe.com/currencies, "Special cases" and "Zero-decimal"). */
const STRIPE_EXPONENTS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 }

/**
 * Turns an amount of Stripe's into minor units of ISO 4217: 500 of Stripe's `isk` are 5 ISK.
 *
 * @param currency - ISO 4217 code in upper case.
 * @returns undefined where the amount has a fraction that the currency does not.
 */
export const minorUnitsOf = (amount: number, currency: string): number | undefined => {
  const iso = CURRENCY_EXPONENTS.get(currency)
  const stripe = STRIPE_EXPONENTS[currency] ?? iso
  if (iso === undefined || stripe === undefined || iso === stripe) return amount
  const factor = 10 ** Math.abs(iso - stripe)
  if (iso > stripe) return amount * factor
  return amount % factor === 0 ? amount / factor : undefined
}
