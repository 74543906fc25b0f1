import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { derivedId } from './event-id.ts'

describe('derivedId', () => {
  it('gives the same id in every release: a crash may fall between two of them', () => {
    expect(derivedId('e-1', 'parcel.packed.v1', 0)).toBe('56c65404-3cbd-883e-9631-3ef8e6b289c3')
  })

  it('has the shape of a UUID version 8 (RFC 9562, section 5.8)', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat())), (parts) => {
        expect(derivedId(...parts)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        )
      }),
    )
  })

  it('tells apart where one part ends and the next begins', () => {
    expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'))
    expect(derivedId('a')).not.toBe(derivedId('a', ''))
  })

  it('gives other ids for other causes, types and places', () => {
    const ids = ['e-1', 'e-2'].flatMap((cause) =>
      ['a.v1', 'b.v1'].flatMap((type) => [0, 1].map((nth) => derivedId(cause, type, nth))),
    )
    expect(new Set(ids).size).toBe(8)
  })
})
