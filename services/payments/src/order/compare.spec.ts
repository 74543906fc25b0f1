import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seat, submission } from '../sample.ts'
import { compareSubmissions, sameJson } from './compare.ts'

const shuffledKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffledKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, shuffledKeys(inner)]),
  )
}

describe('sameJson', () => {
  it('does not see the order of keys, at any depth', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => sameJson(value, shuffledKeys(value))))
  })

  it('agrees with what JSON makes of two values', () => {
    const sorted = (value: unknown): string =>
      JSON.stringify(value, (_name, inner: unknown) =>
        typeof inner === 'object' && inner !== null && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
          : inner,
      )
    // Written out first: JSON has no -0.
    const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)))
    fc.assert(
      fc.property(json, json, (one, other) => sameJson(one, other) === (sorted(one) === sorted(other))),
    )
  })

  it.each([
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: undefined }, { b: 1 }, false],
    [[], {}, false],
    [[1, 2], [2, 1], false],
    [null, {}, false],
    [JSON.parse('{"__proto__":1}'), {}, false],
  ])('%j and %j: %s', (one, other, same) => {
    expect(sameJson(one, other)).toBe(same)
    expect(sameJson(other, one)).toBe(same)
  })
})

describe('compareSubmissions', () => {
  const first = submission({ lines: [seat('1'), seat('2')] }).data

  it('does not see the order of lines', () => {
    expect(compareSubmissions(first, { ...first, lines: first.lines.toReversed() })).toEqual({
      relation: 'same',
    })
  })

  it.each([
    ['placedAt', { placedAt: '2026-01-01T10:00:00.001Z' }],
    ['learner', { learner: { lmsUserId: 43 } }],
    ['currency', { currency: 'EUR' }],
    ['total', { total: 14901 }],
    ['lines', { lines: [seat('1')] }],
    ['lines', { lines: [seat('1'), seat('2', { creditProvider: 'asu' })] }],
    ['payment', { payment: { ...first.payment, reference: 'pi_1' } }],
    ['emailOptIn', { emailOptIn: false }],
  ])('sees another %s', (what, difference) => {
    expect(compareSubmissions(first, { ...first, ...difference })).toEqual({ relation: 'conflict', what })
  })
})
