type Priced = {
  readonly currency: string | null
  readonly total: number | null
  readonly lines?: readonly { readonly price: number | null }[]
}

/** For `refine`: an amount without its currency is no money (promise 12). */
export const hasCurrencyForAmounts = ({ currency: code, total, lines = [] }: Priced): boolean =>
  code !== null || (total === null && lines.every((line) => line.price === null))

/** The finding that goes with {@link hasCurrencyForAmounts}. */
export const CURRENCY_NEEDED = { error: 'must be given where there is an amount', path: ['currency'] }
