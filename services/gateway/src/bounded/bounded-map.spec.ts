import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBoundedMap } from './bounded-map.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'] as const

describe('createBoundedMap', () => {
  it('lets the entry go that came first', () => {
    const map = createBoundedMap<number>(2)
    for (const [index, key] of ['a', 'b', 'a', 'c'].entries()) map.set(key, index)
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 1, 3])
  })

  it('never holds more than so many, and always the one that came last', () => {
    const step = fc.record({ key: fc.constantFrom(...KEYS), remove: fc.boolean() })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (most, steps) => {
        const map = createBoundedMap<number>(most)
        for (const [index, { key, remove }] of steps.entries()) {
          if (remove) map.delete(key)
          else map.set(key, index)
          expect(map.get(key)).toBe(remove ? undefined : index)
          expect(KEYS.filter((one) => map.has(one)).length).toBeLessThanOrEqual(most)
        }
      }),
    )
  })
})
