import { CONTRACTS, defineEvent, type EventContract, sampleOf, validateData } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { distinctSamples } from './nth.ts'

const contractOf = <S extends z.ZodType>(
  data: S,
  key: (data: z.output<S>) => string,
  example: z.output<S>,
): EventContract =>
  defineEvent({
    name: 'seat.reserved',
    version: 1,
    owner: 'shop',
    summary: 'A seat is held.',
    data,
    key,
    examples: [example],
  }) as unknown as EventContract

const keysOf = (contract: EventContract, count: number) => {
  const nth = distinctSamples(contract, count)
  return nth && Array.from({ length: count }, (_, at) => contract.key(validateData(contract, nth(at))))
}

const seat = z.strictObject({ seat: z.string(), held: z.boolean() })

describe('distinctSamples', () => {
  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    '%s: valid data with keys of their own, beginning with the sample',
    (_type, contract) => {
      const before = structuredClone(sampleOf(contract))
      const keys = keysOf(contract, 50)
      expect(new Set(keys).size).toBe(50)
      expect(keys?.[0]).toBe(contract.key(before))
      expect(sampleOf(contract)).toEqual(before)
    },
  )

  it.each([
    ['A-9', ['A-9', 'A-10', 'A-11']],
    ['A-009', ['A-009', 'A-010', 'A-011']],
    ['window', ['window', 'window-1', 'window-2']],
    ['7', ['7', '8', '9']],
  ])('counts on from %s', (first, keys) => {
    expect(
      keysOf(
        contractOf(seat, ({ seat: key }) => key, { seat: first, held: true }),
        3,
      ),
    ).toEqual(keys)
  })

  it('varies a number, and a field further down', () => {
    const row = z.strictObject({ row: z.strictObject({ seat: z.int() }) })
    expect(
      keysOf(
        contractOf(row, (data) => `s${data.row.seat}`, { row: { seat: 4 } }),
        3,
      ),
    ).toEqual(['s4', 's5', 's6'])
  })

  it('varies another field of the key where the first one is closed', () => {
    const both = z.strictObject({ side: z.enum(['left', 'right']), seat: z.string() })
    const contract = contractOf(both, ({ side, seat: one }) => `${side} ${one}`, { side: 'left', seat: '1' })
    expect(keysOf(contract, 3)).toEqual(['left 1', 'left 2', 'left 3'])
  })

  it.each([
    ['is none of its fields', contractOf(seat, () => 'fixed', { seat: 'A', held: true }), 3],
    [
      'has too few values',
      contractOf(z.strictObject({ seat: z.int().max(9) }), ({ seat: one }) => `s${one}`, { seat: 1 }),
      20,
    ],
  ])('is not there for a contract whose key %s', (_why, contract, count) => {
    expect(distinctSamples(contract, count)).toBeUndefined()
  })
})
