import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { editDistance, nearestKey } from './nearest-key.ts'

const word = fc.stringMatching(/^[a-z]{0,10}$/)
const key = fc.stringMatching(/^[a-z]{4,10}$/)

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['port', 'prot', 1],
    ['port', 'ports', 1],
    ['port', 'pot', 1],
    ['port', 'sort', 1],
    ['data', 'bus', 4],
    ['kitten', 'sitting', 3],
  ])('%j to %j takes %d edits', (from, to, edits) => expect(editDistance(from, to)).toBe(edits))

  it('is the same both ways, 0 only for the same word, and never above the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        expect(editDistance(b, a)).toBe(distance)
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      }),
    )
  })
})

describe('nearestKey', () => {
  const known = ['deadlineMs', 'graceMs', 'data', 'bus', 'store', 'retry', 'breaker', 'log', 'services']

  it.each([
    ['deadlinems', 'deadlineMs'],
    ['deadline_ms', 'deadlineMs'],
    ['deadlinMs', 'deadlineMs'],
    ['service', 'services'],
    ['sotre', 'store'],
    ['dta', 'data'],
    ['lgo', 'log'],
  ])('%s means %s', (written, meant) => expect(nearestKey(written, known)).toBe(meant))

  it.each(['kafka', 'x', '', 'telemetry'])('%j means none of them', (written) =>
    expect(nearestKey(written, known)).toBeUndefined(),
  )

  it('finds a key again after one edit anywhere in it', () => {
    fc.assert(
      fc.property(key, fc.nat(), fc.constantFrom('drop', 'double', 'swap'), (original, at, how) => {
        const i = at % (original.length - 1)
        const tail = original.slice(i + 1)
        const edited = {
          drop: original.slice(0, i) + tail,
          double: original.slice(0, i + 1) + original.slice(i),
          swap: original.slice(0, i) + (original[i + 1] ?? '') + (original[i] ?? '') + original.slice(i + 2),
        }[how]
        expect(nearestKey(edited, [original])).toBe(original)
      }),
    )
  })

  it('names only known words, and the word itself where it is known', () => {
    fc.assert(
      fc.property(word, fc.array(key, { minLength: 1 }), (written, keys) => {
        const nearest = nearestKey(written, keys)
        if (nearest !== undefined) expect(keys).toContain(nearest)
        if (keys.includes(written)) expect(nearest).toBe(written)
      }),
    )
  })
})
