/** Why text is not JSON, and where. The words are those of Python's json module, without any of the text itself. */
export type SyntaxFault = { readonly message: string; readonly at: number }

/** Deeper text is not looked into: the message then names the depth. */
const DEEPEST = 500

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
const LITERAL = /null|true|false/y
const CONSTANT = /NaN|-?Infinity/y
const HEX = /[0-9a-fA-F]{4}/y
const ESCAPES = '"\\/bfnrt'

class Fault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const matchEnd = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

const skipSpace = (text: string, at: number) => matchEnd(SPACE, text, at)

const escapeEnd = (text: string, at: number, opening: number): number => {
  const kind = text[at + 1]
  if (kind === undefined) throw new Fault('Unterminated string starting at', opening)
  if (kind === 'u') {
    // Python looks for the four digits and at least one character after them.
    if (at + 6 >= text.length || matchEnd(HEX, text, at + 2) < 0)
      throw new Fault('Invalid \\uXXXX escape', at + 1)
    return at + 6
  }
  if (!ESCAPES.includes(kind)) throw new Fault('Invalid \\escape', at)
  return at + 2
}

/** Reads a string whose opening quote is at `opening`; the index behind its closing quote. */
const stringEnd = (text: string, opening: number): number => {
  let at = opening + 1
  while (at < text.length) {
    const char = text[at]
    if (char === '"') return at + 1
    if (char === '\\') at = escapeEnd(text, at, opening)
    else if (text.charCodeAt(at) <= 0x1f) throw new Fault('Invalid control character at', at)
    else at += 1
  }
  throw new Fault('Unterminated string starting at', opening)
}

const memberEnd = (text: string, at: number, depth: number): number => {
  if (text[at] !== '"') throw new Fault('Expecting property name enclosed in double quotes', at)
  const colon = skipSpace(text, stringEnd(text, at))
  if (text[colon] !== ':') throw new Fault("Expecting ':' delimiter", colon)
  return valueEnd(text, skipSpace(text, colon + 1), depth)
}

const listEnd = (
  text: string,
  opening: number,
  close: string,
  depth: number,
  itemEnd: typeof valueEnd,
): number => {
  if (depth === DEEPEST) throw new Fault(`Nested deeper than ${DEEPEST} levels at`, opening)
  let at = skipSpace(text, opening + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = skipSpace(text, itemEnd(text, at, depth + 1))
    if (text[at] === close) return at + 1
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at)
    at = skipSpace(text, at + 1)
  }
}

const valueEnd = (text: string, at: number, depth: number): number => {
  const char = text[at]
  if (char === '"') return stringEnd(text, at)
  if (char === '{') return listEnd(text, at, '}', depth, memberEnd)
  if (char === '[') return listEnd(text, at, ']', depth, valueEnd)
  const constant = matchEnd(CONSTANT, text, at)
  if (constant > 0)
    throw new Fault(`Out of range float values are not JSON compliant: '${text.slice(at, constant)}'`, -1)
  const end = Math.max(matchEnd(LITERAL, text, at), matchEnd(NUMBER, text, at))
  if (end < 0) throw new Fault('Expecting value', at)
  return end
}

const check = (text: string): void => {
  if (text.startsWith('\ufeff')) throw new Fault('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0)
  const end = skipSpace(text, valueEnd(text, skipSpace(text, 0), 0))
  if (end !== text.length) throw new Fault('Extra data', end)
}

const placed = (text: string, fault: Fault): string => {
  if (fault.at < 0) return fault.message
  // Python counts code points.
  const before = Array.from(text.slice(0, fault.at))
  const line = before.filter((char) => char === '\n').length + 1
  const column = before.length - before.lastIndexOf('\n')
  return `${fault.message}: line ${line} column ${column} (char ${before.length})`
}

/**
 * Finds the first place where text stops being JSON (RFC 8259), or undefined when it is JSON. Slow and recursive: only for
 * the message after `JSON.parse` has refused, whose own message quotes the text and so may hold personal data.
 */
export const findSyntaxFault = (text: string): SyntaxFault | undefined => {
  try {
    check(text)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return { message: placed(text, thrown), at: thrown.at }
  }
}
