import { type EventContract, keyPathsOf, sampleOf, validateData } from '@commerce-mesh/contracts'

const ENDS_IN_DIGITS = /^(.*?)(\d{1,15})$/s

/** The nth value like this one: `EDX-100001` and 2 give `EDX-100003`, `shop` and 2 give `shop-2`. Nought leaves it as it is. */
const nthValue = (value: unknown, nth: number): unknown => {
  if (typeof value === 'number') return value + nth
  if (typeof value !== 'string' || nth === 0) return value
  const [, start, digits] = ENDS_IN_DIGITS.exec(value) ?? []
  return digits === undefined
    ? `${value}-${nth}`
    : `${start}${String(Number(digits) + nth).padStart(digits.length, '0')}`
}

const withNth = (data: unknown, [first, ...rest]: readonly string[], nth: number): unknown => {
  if (first === undefined) return nthValue(data, nth)
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, first)) return data
  const copy: Record<string, unknown> = { ...data }
  copy[first] = withNth(copy[first], rest, nth)
  return copy
}

const isSound = (contract: EventContract, data: unknown): boolean => {
  try {
    validateData(contract, data)
    return true
  } catch {
    return false
  }
}

/** Valid data of a contract by number: 0 is its sample. */
export type NthSample = (nth: number) => unknown

/**
 * Samples of a contract with distinct record keys.
 *
 * @param count - how many; the last one must be valid too.
 * @returns undefined where the contract's key can't be varied by one field.
 * @throws TypeError for a contract without examples.
 */
export const distinctSamples = (contract: EventContract, count: number): NthSample | undefined => {
  const sample = sampleOf(contract)
  const last = Math.max(1, count - 1)
  return keyPathsOf(contract)
    .map((path): NthSample => {
      const segments = path.split('.')
      return (nth) => withNth(sample, segments, nth)
    })
    .find((nthSample) =>
      [1, last].every((nth) => {
        const data = nthSample(nth)
        return isSound(contract, data) && contract.key(data) !== contract.key(sample)
      }),
    )
}
