import { type Output, createOutput } from './output.ts'

// https://github.com/google/snappy/blob/main/format_description.txt; Kafka's Java client wraps blocks of it as
// snappy-java's streams do, others write a single block.

const STREAM = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])

/** Magic, version and the lowest version that can read it. */
const STREAM_HEADER_BYTES = 16

const cut = () => new RangeError('A batch compressed with snappy ends too early.')

const readVarint = (input: Buffer, from: number): { value: number; next: number } => {
  let value = 0
  for (let at = from, shift = 0; shift < 35; at++, shift += 7) {
    const byte = input[at]
    if (byte === undefined) throw cut()
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw new RangeError('A batch compressed with snappy has no proper length.')
}

const take = (input: Buffer, from: number, length: number): Buffer => {
  if (from + length > input.length) throw cut()
  return input.subarray(from, from + length)
}

/** Unpacks one literal, whose tag is at `at`; answers where the next tag is. */
const literal = (input: Buffer, at: number, tag: number, output: Output): number => {
  const short = tag >> 2
  const extra = short < 60 ? 0 : short - 59
  const length = (extra === 0 ? short : take(input, at + 1, extra).readUIntLE(0, extra)) + 1
  const start = at + 1 + extra
  output.append(take(input, start, length))
  return start + length
}

/** Unpacks one copy of earlier bytes; answers where the next tag is. */
const copy = (input: Buffer, at: number, tag: number, output: Output): number => {
  if ((tag & 3) === 1) {
    const low = take(input, at + 1, 1).readUInt8(0)
    output.repeat(((tag >> 5) << 8) | low, ((tag >> 2) & 7) + 4)
    return at + 2
  }
  const width = (tag & 3) === 2 ? 2 : 4
  output.repeat(take(input, at + 1, width).readUIntLE(0, width), (tag >> 2) + 1)
  return at + 1 + width
}

const unpackBlock = (input: Buffer, output: Output): void => {
  const { value: length, next } = readVarint(input, 0)
  const wanted = output.length + length
  for (let at = next; at < input.length;) {
    const tag = input[at] ?? 0
    at = (tag & 3) === 0 ? literal(input, at, tag, output) : copy(input, at, tag, output)
  }
  if (output.length !== wanted) throw cut()
}

/** Unpacks snappy. @throws RangeError when it is damaged */
export const unpackSnappy = (input: Buffer): Buffer => {
  const output = createOutput(input.length * 3)
  if (!input.subarray(0, STREAM.length).equals(STREAM)) {
    unpackBlock(input, output)
    return output.bytes()
  }
  for (let at = STREAM_HEADER_BYTES; at < input.length;) {
    const length = take(input, at, 4).readUInt32BE(0)
    // Blocks of a stream do not refer to each other, so an output of its own finds damage sooner.
    const block = createOutput(length * 3)
    unpackBlock(take(input, at + 4, length), block)
    output.append(block.bytes())
    at += 4 + length
  }
  return output.bytes()
}
