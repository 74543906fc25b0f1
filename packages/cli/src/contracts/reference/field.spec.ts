import { CONTRACTS, orderPlaced } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { fieldsIn } from './field.ts'
import { seatReserved, treeGrown } from './seat.fixture.ts'

const told = (contract: Parameters<typeof fieldsIn>[0]) =>
  Object.fromEntries(fieldsIn(contract).map(({ path, ...field }) => [path, field]))

describe('the fields of a contract', () => {
  const seat = told(seatReserved)

  it('are named in words', () => {
    expect(Object.entries(seat).map(([path, { type }]) => `${path}: ${type}`)).toEqual([
      'order: text',
      'buyer: an object',
      'buyer.email: an e-mail address, at most 99 characters',
      'buyer.age: a whole number, 18 or more, or `null`',
      'seats: a list of 1 to 4 objects',
      'seats.*.row: `a`, `b`',
      'notes: an object of any names, each text of at most 9 characters',
      'price: a number, 0 or more, or an object',
      'price.amount: a whole number',
      'price.currency: text',
      'price.gift: `true`',
      "odd-name: a list of 2 items, each `it's`, `y`",
      'pair: a list: text, then `null`, then any number of `true` or `false`',
      'paid: `true` or `false`',
    ])
  })

  it('are required where they must stand in whatever may hold them', () => {
    const required = Object.entries(seat).filter(([, field]) => field.required)
    expect(required.map(([path]) => path)).toEqual([
      'order',
      'buyer',
      'buyer.email',
      'seats',
      'seats.*.row',
      'price',
      'paid',
    ])
  })

  it('are personal with all that is in them', () => {
    const personal = Object.entries(seat).filter(([, field]) => field.personal)
    expect(personal.map(([path]) => path)).toEqual(['buyer', 'buyer.email', 'buyer.age'])
  })

  it('tell key, meaning, rules and patterns', () => {
    expect(seat['order']).toMatchObject({
      isKey: true,
      about: 'The `order` that holds it */ and <i>no other</i>.',
      patterns: ['^[A-Z]<\\d$'],
    })
    expect(seat['seats']?.rules).toEqual(['must be side by side', 'each item: must be free'])
    expect(seat['paid']).toMatchObject({ isKey: false, rules: [], patterns: [] })
    expect(told(orderPlaced)['currency']?.rules).toEqual([
      'must be an ISO 4217 currency code in upper case, such as USD',
    ])
  })

  it('do not repeat as a pattern what the type says already', () => {
    expect(told(orderPlaced)['placedAt']).toMatchObject({ type: 'an RFC 3339 date and time', patterns: [] })
  })

  it('have an end where they contain themselves', () => {
    expect(told(treeGrown)['trunk.twigs']?.type).toBe('a list of objects')
  })
})

describe.each(CONTRACTS.map((contract) => ({ type: contract.type, contract })))('$type', ({ contract }) => {
  it('describes every field', () => {
    expect(fieldsIn(contract).filter(({ about }) => about === '')).toEqual([])
  })
})
