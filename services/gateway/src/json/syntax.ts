/** Why text is not JSON, and where, without any of the text itself. */
export type SyntaxFault = {
  /** In the words of Python's json module, which the 2023 Coordinator answered with (interop section 7). */
  readonly python: string
  readonly message: string
  readonly at: number
}

/** What the words of Python mean. */
const PLAIN: Readonly<Record<string, string>> = {
  'Unterminated string starting at': 'A string has no end',
  'Invalid \\uXXXX escape': 'An escape \\u needs four hexadecimal digits',
  'Invalid \\escape': 'An escape is not known',
  'Invalid control character at': 'A string holds a control character that is not escaped',
  'Expecting property name enclosed in double quotes': 'A key in double quotes is expected',
  "Expecting ':' delimiter": 'A colon is expected',
  "Expecting ',' delimiter": 'A comma or a closing bracket is expected',
  'Expecting value': 'A value is expected',
  'Extra data': 'More text follows the JSON value',
  'Unexpected UTF-8 BOM (decode using utf-8-sig)': 'A byte order mark stands before the JSON value',
}

/** How deep a container stands, and how deep one may. */
type Depth = { readonly at: number; readonly most: number }

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

const memberEnd = (text: string, at: number, depth: Depth): number => {
  if (text[at] !== '"') throw new Fault('Expecting property name enclosed in double quotes', at)
  const colon = skipSpace(text, stringEnd(text, at))
  if (text[colon] !== ':') throw new Fault("Expecting ':' delimiter", colon)
  return valueEnd(text, skipSpace(text, colon + 1), depth)
}

const listEnd = (
  text: string,
  opening: number,
  close: string,
  depth: Depth,
  itemEnd: typeof valueEnd,
): number => {
  if (depth.at === depth.most) throw new Fault(`Nested deeper than ${depth.most} levels`, opening)
  const inner = { at: depth.at + 1, most: depth.most }
  let at = skipSpace(text, opening + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = skipSpace(text, itemEnd(text, at, inner))
    if (text[at] === close) return at + 1
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at)
    at = skipSpace(text, at + 1)
  }
}

const valueEnd = (text: string, at: number, depth: Depth): number => {
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

const check = (text: string, most: number): void => {
  if (text.startsWith('\ufeff')) throw new Fault('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0)
  const end = skipSpace(text, valueEnd(text, skipSpace(text, 0), { at: 0, most }))
  if (end !== text.length) throw new Fault('Extra data', end)
}

const placed = (text: string, fault: Fault): SyntaxFault => {
  const { at } = fault
  if (at < 0) return { python: fault.message, message: 'NaN and Infinity are no JSON values', at }
  // Python counts code points.
  const before = Array.from(text.slice(0, fault.at))
  const line = before.filter((char) => char === '\n').length + 1
  const column = before.length - before.lastIndexOf('\n')
  const plain = PLAIN[fault.message] ?? fault.message
  return {
    python: `${fault.message}: line ${line} column ${column} (char ${before.length})`,
    message: `${plain} at line ${line} column ${column}`,
    at,
  }
}

/**
 * Finds the first place where text stops being JSON (RFC 8259), or undefined when it is JSON. Slow and recursive: only for
 * the message after `JSON.parse` has refused, whose own message quotes the text and so may hold personal data.
 *
 * @param maxDepth - text nested deeper is not looked into: that is the fault then.
 */
export const findSyntaxFault = (text: string, maxDepth: number): SyntaxFault | undefined => {
  try {
    check(text, maxDepth)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return placed(text, thrown)
  }
}
