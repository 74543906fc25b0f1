import { MAX_EVENT_BYTES } from '@commerce-mesh/contracts'
import { type Line, linesOf } from './lines.ts'

const OPENINGS: ReadonlySet<number | undefined> = new Set(['{', '['].map((text) => text.charCodeAt(0)))

const isJson = (bytes: Uint8Array): boolean => {
  try {
    JSON.parse(Buffer.from(bytes).toString())
    return true
  } catch {
    return false
  }
}

/** Whether a first line may begin a JSON text of several lines: it opens something that it does not close. */
const opensDocument = ({ bytes }: Line): boolean =>
  OPENINGS.has(bytes.find((byte) => byte !== 0x20 && byte !== 0x09)) && !isJson(bytes)

/** Lines that are one JSON text together, as one. */
const joined = (lines: readonly Line[]): readonly Line[] => {
  const bytes = Buffer.concat(lines.flatMap((line) => [line.bytes, Buffer.from('\n')]))
  return isJson(bytes) ? [{ number: lines[0]?.number ?? 1, bytes }] : lines
}

/**
 * The events of an input, one a line; or the one event that the whole input is, where it is printed over several lines. Memory
 * is bounded: of a line that is larger than an event may be, enough is kept to refuse it.
 */
export async function* eventsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let head: Line[] = []
  let room = MAX_EVENT_BYTES
  let mayBeDocument: boolean | undefined
  for await (const lines of linesOf(pieces, MAX_EVENT_BYTES)) {
    mayBeDocument ??= lines[0] !== undefined && opensDocument(lines[0])
    if (!mayBeDocument) {
      yield lines
      continue
    }
    for (const line of lines) {
      head.push(line)
      room -= line.bytes.length + 1
    }
    if (room >= 0) continue
    yield head
    head = []
    mayBeDocument = false
  }
  if (head.length > 0) yield joined(head)
}
