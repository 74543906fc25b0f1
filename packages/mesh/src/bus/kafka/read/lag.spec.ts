import { describe, expect, it } from '@jest/globals'
import { lagOf } from './lag.ts'

const PLACE = { topic: 'parcel.v1', partition: 0 }

describe('lagOf', () => {
  it.each([
    ['a group that has committed', 5, 7, 7],
    ['a group without a commit begins at the start', 5, -1, 5],
    ['a group that the brokers say nothing about, too', 5, undefined, 5],
    ['a group whose records retention has deleted stands at the start', 5, 2, 5],
  ])('%s', (_, start, committed, expected) => {
    expect(lagOf(PLACE, start, committed, 9)).toEqual({ ...PLACE, start, committed: expected, end: 9 })
  })
})
