/** One line of an input that is not blank. */
export type Line = {
  /** From 1; blank lines count. */
  readonly number: number
  /** Without its end, and without a byte order mark before the first one. */
  readonly bytes: Uint8Array
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, CARRIAGE_RETURN])
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

const hasMark = (bytes: Uint8Array): boolean => BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)

const isBlank = (bytes: Uint8Array): boolean => {
  for (const byte of bytes) if (!BLANKS.has(byte)) return false
  return true
}

const trimmed = (bytes: Uint8Array, number: number): Uint8Array => {
  const start = number === 1 && hasMark(bytes) ? BYTE_ORDER_MARK.length : 0
  return bytes.subarray(start, bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined)
}

/** What is trimmed off a line at most. */
const TRIMMINGS = BYTE_ORDER_MARK.length + 1

/** The line that is being read: as much of it as anybody wants to see. */
class OpenLine {
  readonly #most: number
  #pieces: Uint8Array[] = []
  #size = 0
  #number = 0

  constructor(most: number) {
    this.#most = most
  }

  get isEmpty(): boolean {
    return this.#size === 0
  }

  add(piece: Uint8Array): void {
    const room = this.#most - this.#size
    if (room <= 0 || piece.length === 0) return
    const kept = piece.length > room ? piece.subarray(0, room) : piece
    this.#pieces.push(kept)
    this.#size += kept.length
  }

  end(): Line {
    const [first = new Uint8Array(), ...more] = this.#pieces
    const bytes = more.length === 0 ? first : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#size = 0
    this.#number += 1
    return { number: this.#number, bytes: trimmed(bytes, this.#number) }
  }
}

/**
 * Takes an input apart into lines, those of each piece together; blank lines are left out. Ends of lines are LF or CR LF, and
 * the last line may lack its end.
 *
 * @param most - bytes of a line that are of interest. Of a longer line, a little more than these are kept.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly Line[]> {
  const open = new OpenLine(most + 1 + TRIMMINGS)
  for await (const piece of pieces) {
    const lines: Line[] = []
    let start = 0
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      open.add(piece.subarray(start, end))
      const line = open.end()
      if (!isBlank(line.bytes)) lines.push(line)
      start = end + 1
    }
    open.add(piece.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (open.isEmpty) return
  const last = open.end()
  if (!isBlank(last.bytes)) yield [last]
}
