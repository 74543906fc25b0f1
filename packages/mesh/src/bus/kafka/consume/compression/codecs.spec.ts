import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { unpackLz4 } from './lz4.ts'
import { unpackSnappy } from './snappy.ts'

const text = (bytes: Buffer) => bytes.toString('latin1')

/** A snappy block: its length, then literals and copies. */
const snappy = (length: number, ...parts: (string | number[])[]): Buffer =>
  Buffer.concat([
    Buffer.from([length]),
    ...parts.map((part) =>
      typeof part === 'string'
        ? Buffer.from([(part.length - 1) << 2, ...Buffer.from(part, 'latin1')])
        : Buffer.from(part),
    ),
  ])

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

describe('snappy', () => {
  it('unpacks literals and copies of all widths, also such that overlap', () => {
    // Copy 4 from 4 back; copy 6 from 1 back with two bytes of offset; copy 3 from 2 back with four.
    const block = snappy(17, 'abcd', [1, 4], [(5 << 2) | 2, 1, 0], [(2 << 2) | 3, 2, 0, 0, 0])
    expect(text(unpackSnappy(block))).toBe('abcdabcddddddd' + 'ddd')
  })

  it('unpacks long literals', () => {
    const long = 'x'.repeat(300)
    const block = Buffer.concat([Buffer.from([0xac, 0x02, 61 << 2, 0x2b, 0x01]), Buffer.from(long)])
    expect(text(unpackSnappy(block))).toBe(long)
  })

  it('unpacks blocks in the stream that Java writes', () => {
    const blocks = [snappy(4, 'abcd'), snappy(8, 'efgh', [1, 4])]
    const stream = Buffer.concat([
      Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]),
      int32(1),
      int32(1),
      ...blocks.flatMap((block) => [int32(block.length), block]),
    ])
    expect(text(unpackSnappy(stream))).toBe('abcdefghefgh')
  })

  it('refuses what is damaged', () => {
    expect(() => unpackSnappy(snappy(5, 'abcd'))).toThrow(RangeError)
    expect(() => unpackSnappy(snappy(8, 'abcd', [1, 9]))).toThrow(RangeError)
    expect(() => unpackSnappy(snappy(8, 'abcd', [1, 4]).subarray(0, 5))).toThrow(RangeError)
    expect(() => unpackSnappy(Buffer.alloc(0))).toThrow(RangeError)
  })
})

const HEADER = [0x04, 0x22, 0x4d, 0x18]

const lz4 = (flags: number, extra: number[], ...blocks: { raw?: boolean; bytes: number[] }[]): Buffer => {
  const checksum = (flags & 0x10) === 0 ? [] : [9, 9, 9, 9]
  return Buffer.from([
    ...HEADER,
    flags,
    0x40,
    ...extra,
    0x77,
    ...blocks.flatMap(({ raw = false, bytes }) => [
      bytes.length,
      0,
      0,
      raw ? 0x80 : 0,
      ...bytes,
      ...checksum,
    ]),
    0,
    0,
    0,
    0,
  ])
}

const letters = (part: string) => [...Buffer.from(part, 'latin1')]

describe('LZ4', () => {
  it('unpacks literals and matches, also such that overlap or reach into the block before', () => {
    const first = [0x40 | 1, ...letters('abcd'), 1, 0, 0x10, ...letters('!')]
    const second = [0x10 | 0, ...letters('?'), 7, 0, 0x10, ...letters('.')]
    expect(text(unpackLz4(lz4(0x40, [], { bytes: first }, { bytes: second })))).toBe('abcdddddd!?dddd.')
  })

  it('unpacks lengths that go on, blocks that are not packed, sizes and checksums', () => {
    const long = [0xf0, 255, 30, ...letters('y'.repeat(300))]
    // 300 bytes need two bytes of length in the frame.
    const frame = lz4(0x58, [0, 0, 0, 0, 0, 0, 0, 0], { raw: true, bytes: letters('ab') })
    expect(text(unpackLz4(frame))).toBe('ab')
    const large = lz4(0x40, [], { bytes: long })
    large.writeUInt32LE(long.length, 7)
    const end = Buffer.concat([large.subarray(0, 11), Buffer.from(long), Buffer.alloc(4)])
    expect(text(unpackLz4(end))).toBe('y'.repeat(300))
  })

  it('refuses what is damaged, and what needs a dictionary', () => {
    const good = lz4(0x40, [], { bytes: [0x40, ...letters('abcd')] })
    expect(text(unpackLz4(good))).toBe('abcd')
    for (let length = 0; length < good.length; length++)
      expect(() => unpackLz4(good.subarray(0, length))).toThrow(RangeError)
    expect(() => unpackLz4(lz4(0x41, [0, 0, 0, 0], { bytes: [0x10, 1] }))).toThrow('dictionary')
    expect(() => unpackLz4(lz4(0x40, [], { bytes: [0x10, 1, 5, 0, 0x10, 1] }))).toThrow(RangeError)
    expect(() => unpackLz4(Buffer.from('not a frame at all'))).toThrow('no LZ4 frame')
  })
})

describe('whatever the bytes are', () => {
  it('unpacking ends, with bytes or with an error that says that they can’t be read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, framed) => {
        const input = Buffer.from(framed ? [...HEADER, 0x40, 0x40, 0x77, ...bytes] : bytes)
        for (const unpack of [unpackSnappy, unpackLz4]) {
          try {
            unpack(input)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(RangeError)
          }
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
