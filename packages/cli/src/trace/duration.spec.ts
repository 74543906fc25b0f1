import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatDuration } from './duration.ts'

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.84, '0.8 ms'],
    [9.96, '10 ms'],
    [31.4, '31 ms'],
    [999.4, '999 ms'],
    [999.9, '1 s'],
    [1_000, '1 s'],
    [4_260, '4.2 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min'],
    [303_000, '5 min 3 s'],
    [3_600_000, '1 h'],
    [7_440_000, '2 h 4 min'],
    [90_000_000, '1 d 1 h'],
    [-1_500, '-1.5 s'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it('never says 60 s or 1000 ms', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) =>
        expect(formatDuration(ms)).not.toMatch(/^(1000 ms|60 s|60 min|24 h)/),
      ),
    )
  })
})
