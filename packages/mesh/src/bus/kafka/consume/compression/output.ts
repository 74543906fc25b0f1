/** Most bytes that one batch may unpack to. Brokers take batches of 1 MiB unless told otherwise; what grows far beyond that is meant to do harm. */
export const MOST_BYTES = 128 * 1_048_576

/** Bytes that are unpacked piece by piece; later pieces may repeat earlier ones. */
export type Output = {
  /** Appends `bytes`. @throws RangeError past {@link MOST_BYTES} */
  append(bytes: Buffer): void
  /**
   * Repeats `length` bytes from `distance` before the end; they may overlap what is being written.
   *
   * @throws RangeError when there is nothing so far back, and past {@link MOST_BYTES}.
   */
  repeat(distance: number, length: number): void
  readonly length: number
  bytes(): Buffer
}

/** Begins with room for `expected` bytes and grows as needed. */
export const createOutput = (expected: number): Output => {
  let buffer = Buffer.allocUnsafe(Math.min(Math.max(expected, 64), MOST_BYTES))
  let end = 0

  const room = (more: number) => {
    if (end + more > MOST_BYTES) throw new RangeError('A compressed batch is too large when it is unpacked.')
    if (end + more <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.min(MOST_BYTES, Math.max(end + more, buffer.length * 2)))
    buffer.copy(larger, 0, 0, end)
    buffer = larger
  }

  return {
    append: (bytes) => {
      room(bytes.length)
      bytes.copy(buffer, end)
      end += bytes.length
    },
    repeat: (distance, length) => {
      if (distance === 0 || distance > end)
        throw new RangeError('A compressed batch refers to what is not there.')
      room(length)
      if (distance >= length) buffer.copy(buffer, end, end - distance, end - distance + length)
      else for (let at = end; at < end + length; at++) buffer[at] = buffer[at - distance] ?? 0
      end += length
    },
    get length() {
      return end
    },
    bytes: () => buffer.subarray(0, end),
  }
}
