/** A fault of JSON text that `JSON.parse` lets pass. */
export type MemberFault = {
  readonly kind: 'duplicate' | 'depth'
  /** Dotted path of the key or the container. */
  readonly path: string
}

type Frame = {
  readonly object: boolean
  /** Keys seen so far; a Set once there are many, so that a wide object stays linear. */
  keys: string[] | Set<string>
  key: string
  index: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

/** Longest part of a foreign key that is shown to anybody. */
const SHOWN = 64
const FEW = 16

/** Index of the quote that ends the string whose opening quote is at `start`. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1)
  for (;;) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    if ((end - before) % 2 === 1) return end
    end = text.indexOf('"', end + 1)
  }
}

/** The key between two quotes, unescaped: `a` is the key `a`. */
const keyAt = (text: string, start: number, end: number): string => {
  const raw = text.slice(start + 1, end)
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}

/** Notes a key; true when the object had it already. */
const seenBefore = (frame: Frame, key: string): boolean => {
  frame.key = key
  if (frame.keys instanceof Set) {
    if (frame.keys.has(key)) return true
    frame.keys.add(key)
    return false
  }
  if (frame.keys.includes(key)) return true
  frame.keys.push(key)
  if (frame.keys.length > FEW) frame.keys = new Set(frame.keys)
  return false
}

const pathOf = (frames: readonly Frame[]) =>
  frames.map((frame) => (frame.object ? frame.key.slice(0, SHOWN) : String(frame.index))).join('.')

/**
 * Finds the first key that an object has twice, or the first container nested deeper than `maxDepth`. Two readers of
 * such text may see two different orders, so the edge refuses it (RFC 8259, section 4).
 *
 * @param text - valid JSON: `JSON.parse` accepted it. Hot path: one pass, strings are skipped by `indexOf`.
 * @param maxDepth - containers within containers; a bare `{}` has depth 1.
 */
export const scanMembers = (text: string, maxDepth: number): MemberFault | undefined => {
  const frames: Frame[] = []
  let top: Frame | undefined
  let keyNext = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) {
      const end = endOfString(text, at)
      if (keyNext && top !== undefined && seenBefore(top, keyAt(text, at, end)))
        return { kind: 'duplicate', path: pathOf(frames) }
      keyNext = false
      at = end
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (frames.length === maxDepth) return { kind: 'depth', path: pathOf(frames) }
      keyNext = char === OPEN_OBJECT
      top = { object: keyNext, keys: [], key: '', index: 0 }
      frames.push(top)
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      frames.pop()
      top = frames.at(-1)
      keyNext = false
    } else if (char === COMMA && top !== undefined) {
      keyNext = top.object
      top.index += 1
    }
  }
  return undefined
}
