import { describe, expect, it } from '@jest/globals'
import { emptyTally, sumOf, summaryOf, totalOf } from './tally.ts'

const tally = { ok: 1_234, contract: 1, poison: 0 }

describe('tally', () => {
  it('adds up', () => {
    expect(sumOf(tally, { ...emptyTally(), ok: 1, poison: 2 })).toEqual({ ok: 1_235, contract: 1, poison: 2 })
    expect(totalOf(tally)).toBe(1_235)
  })

  it.each([
    [emptyTally(), 5, 'There was no event.'],
    [{ ...emptyTally(), ok: 1 }, 100, '1 event: 1 ok; 10 a second'],
    [tally, 500, '1,235 events: 1,234 ok, 1 contract; 2,470 a second'],
    [{ ...emptyTally(), poison: 2 }, 0, '2 events: 2 poison; 2,000 a second'],
  ])('%j is told in words', (counts, ms, words) => expect(summaryOf(counts, ms)).toBe(words))
})
