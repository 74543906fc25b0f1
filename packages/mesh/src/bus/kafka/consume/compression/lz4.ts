import { type Output, createOutput } from './output.ts'

// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md. Checksums are not looked at:
// Kafka's batches have one of their own.

const MAGIC = 0x184d2204
const CONTENT_SIZE = 0x08
const CONTENT_CHECKSUM_OR_BLOCK = 0x10
const DICTIONARY = 0x01
const RAW_BLOCK = 0x8000_0000

const cut = () => new RangeError('A batch compressed with LZ4 ends too early.')

const need = (input: Buffer, end: number) => {
  if (end > input.length) throw cut()
}

/** A length of four bits goes on in the following bytes while they are full. */
const readLength = (input: Buffer, from: number, bits: number): { length: number; next: number } => {
  let length = bits
  let at = from
  if (bits === 15) {
    let byte: number
    do {
      need(input, at + 1)
      byte = input[at++] ?? 0
      length += byte
    } while (byte === 255)
  }
  return { length, next: at }
}

const unpackBlock = (input: Buffer, output: Output): void => {
  for (let at = 0; at < input.length;) {
    const token = input[at] ?? 0
    const literals = readLength(input, at + 1, token >> 4)
    const end = literals.next + literals.length
    need(input, end)
    output.append(input.subarray(literals.next, end))
    // The last sequence is literals only.
    if (end === input.length) return
    need(input, end + 2)
    const match = readLength(input, end + 2, token & 15)
    output.repeat(input.readUInt16LE(end), match.length + 4)
    at = match.next
  }
}

/** Unpacks an LZ4 frame. @throws RangeError when it is damaged, or needs a dictionary */
export const unpackLz4 = (input: Buffer): Buffer => {
  need(input, 7)
  if (input.readUInt32LE(0) !== MAGIC) throw new RangeError('A batch compressed with LZ4 is no LZ4 frame.')
  const flags = input[4] ?? 0
  if ((flags & DICTIONARY) !== 0) throw new RangeError('A batch compressed with LZ4 needs a dictionary.')
  const output = createOutput(input.length * 3)
  // Flags, block size, content size where there is one, checksum of the header.
  let at = 6 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + 1
  for (;;) {
    need(input, at + 4)
    const size = input.readUInt32LE(at)
    if (size === 0) return output.bytes()
    const length = size & ~RAW_BLOCK
    at += 4
    need(input, at + length)
    const block = input.subarray(at, at + length)
    if (size >= RAW_BLOCK) output.append(block)
    else unpackBlock(block, output)
    at += length + ((flags & CONTENT_CHECKSUM_OR_BLOCK) === 0 ? 0 : 4)
  }
}
