import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { editDistance } from './edit-distance.ts'

const FAR = 100

describe('editDistance', () => {
  it.each([
    ['order', 'order', 0],
    ['oder', 'order', 1],
    ['orderr', 'order', 1],
    ['ordor', 'order', 1],
    ['', 'order', 5],
    ['kitten', 'sitting', 3],
  ])('%s to %s: %i', (from, to, edits) => expect(editDistance(from, to, FAR)).toBe(edits))

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })

  it('is a distance', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const ab = editDistance(a, b, FAR)
        expect(ab === 0).toBe(a === b)
        expect(ab).toBe(editDistance(b, a, FAR))
        expect(ab).toBeLessThanOrEqual(editDistance(a, c, FAR) + editDistance(c, b, FAR))
        expect(ab).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })

  it('counts no further than asked', () => {
    fc.assert(
      fc.property(word, word, fc.nat(5), (a, b, most) => {
        expect(editDistance(a, b, most)).toBe(Math.min(editDistance(a, b, FAR), most + 1))
      }),
    )
  })
})
