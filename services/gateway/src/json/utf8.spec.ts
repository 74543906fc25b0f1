import { isUtf8 } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { findUtf8Fault } from './utf8.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

describe('findUtf8Fault', () => {
  // Written down from CPython 3.11.
  it.each([
    ['ff', "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"],
    ['616280', "'utf-8' codec can't decode byte 0x80 in position 2: invalid start byte"],
    ['c080', "'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte"],
    ['22c322', "'utf-8' codec can't decode byte 0xc3 in position 1: invalid continuation byte"],
    ['22e28222', "'utf-8' codec can't decode bytes in position 1-2: invalid continuation byte"],
    ['22eda08022', "'utf-8' codec can't decode byte 0xed in position 1: invalid continuation byte"],
    ['f4908080', "'utf-8' codec can't decode byte 0xf4 in position 0: invalid continuation byte"],
    ['22f09f98', "'utf-8' codec can't decode bytes in position 1-3: unexpected end of data"],
  ])('%s: %s', (hex, message) => expect(findUtf8Fault(bytes(hex))?.python).toBe(message))

  it('counts bytes from one for people', () => {
    expect(findUtf8Fault(bytes('2261ff22'))?.message).toBe('It is not UTF-8, from byte 3 on')
  })

  it('finds a fault exactly where the engine finds one', () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f), {
        maxLength: 8,
      }),
    )
    fc.assert(
      fc.property(some, (raw) => {
        const buffer = Buffer.from(raw)
        expect(findUtf8Fault(buffer) === undefined).toBe(isUtf8(buffer))
      }),
      { numRuns: 2_000 },
    )
  })
})
