import { CONTRACTS, jsonSchemaOf, orderPlaced } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { sentenceOf } from './change/change.ts'
import { compare, isCompatible } from './compare.ts'

describe('a contract', () => {
  const published = jsonSchemaOf(orderPlaced)

  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    '%s has not changed against itself as it is read from a file',
    (_type, contract) =>
      expect(
        compare(JSON.parse(JSON.stringify(jsonSchemaOf(contract))) as object, jsonSchemaOf(contract)),
      ).toEqual([]),
  )

  it('whose field is renamed: who refuses what, and what to do', () => {
    const text = JSON.stringify(published).replaceAll('"learner', '"buyer')
    expect(compare(published, JSON.parse(text) as object)).toEqual([
      {
        kind: 'renamed',
        path: 'learner',
        to: 'buyer',
        what: 'renamed to buyer',
        oldReaders: 'no',
        newReaders: 'no',
        because: {
          newReaders: 'is missing: buyer; not a field: learner',
          oldReaders: 'is missing: learner; not a field: buyer',
        },
        severity: 'error',
        advice:
          'Keep learner and add buyer as optional, or publish order.placed v2 with an upcast (docs/changing-a-contract.md).',
      },
    ])
  })

  it('that gets an optional field: readers first', () => {
    const [change, ...more] = compare(published, {
      ...published,
      properties: { ...published.properties, coupon: { type: 'string' } },
    })
    expect(more).toEqual([])
    expect(change).toMatchObject({ severity: 'warning', newReaders: 'yes', oldReaders: 'no' })
    expect(change?.advice).toMatch(/deploy every reader of this event before/)
  })

  it('with another record key breaks, though all is taken', () => {
    const changes = compare(published, { ...published, 'x-key': ['payment.reference'] })
    expect(changes).toMatchObject([
      {
        kind: 'key',
        severity: 'error',
        newReaders: 'yes',
        what: 'has the record key payment.reference; it was orderNumber',
      },
    ])
    expect(isCompatible(changes)).toBe(false)
  })

  it('with other personal fields or another owner wants care', () => {
    const changes = compare(published, {
      ...published,
      'x-personal': ['learner.email', 'learner.lmsUserId'],
      'x-owner': 'gateway',
    })
    expect(changes.map(sentenceOf)).toEqual([
      'field learner.lmsUserId is marked as personal now',
      'field learner.username is no longer marked as personal',
      'the data belongs to gateway now; it belonged to payments',
    ])
    expect(isCompatible(changes)).toBe(true)
  })

  it('whose words alone changed has not changed', () => {
    expect(compare(published, { ...published, description: 'Paid.' })).toEqual([])
  })
})
