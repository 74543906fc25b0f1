import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { findSyntaxFault } from './syntax.ts'

const accepts = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Text that is nearly JSON: a piece cut out, put in or cut off. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '\\u00', 'x', '1', '\n', '\u0001', '.', 'e'),
    fc.nat({ max: 2 }),
  )
  .map(([text, place, piece, cut]) => {
    const at = place % (text.length + 1)
    return text.slice(0, at) + piece + text.slice(at + cut)
  })

describe('findSyntaxFault', () => {
  // Written down from CPython 3.11, json.loads.
  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a"', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
    ['{"a":', 'Expecting value: line 1 column 6 (char 5)'],
    ['{"a":1', "Expecting ',' delimiter: line 1 column 7 (char 6)"],
    ['{"a":1,}', 'Expecting property name enclosed in double quotes: line 1 column 8 (char 7)'],
    ['[1,]', 'Expecting value: line 1 column 4 (char 3)'],
    ['[1,\n\n2 3]', "Expecting ',' delimiter: line 3 column 3 (char 7)"],
    ['"abc', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\u0001b"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"\\q"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['"\\u12"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
    ['1 2', 'Extra data: line 1 column 3 (char 2)'],
    ['01', 'Extra data: line 1 column 2 (char 1)'],
    ['nul', 'Expecting value: line 1 column 1 (char 0)'],
    ['"😀" x', 'Extra data: line 1 column 5 (char 4)'],
    ['\ufeff{}', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)'],
    ['{"x":NaN}', "Out of range float values are not JSON compliant: 'NaN'"],
    ['-Infinity', "Out of range float values are not JSON compliant: '-Infinity'"],
  ])('%j: %s', (text, message) => expect(findSyntaxFault(text, 500)?.python).toBe(message))

  it.each([
    ['{"a":', 'A value is expected at line 1 column 6'],
    ['{}{}', 'More text follows the JSON value at line 1 column 3'],
    ['\ufeff{}', 'A byte order mark stands before the JSON value at line 1 column 1'],
    ['[NaN]', 'NaN and Infinity are no JSON values'],
    ['"\\q"', 'An escape is not known at line 1 column 2'],
    ['"\\u12"', 'An escape \\u needs four hexadecimal digits at line 1 column 3'],
  ])('%j for people: %s', (text, message) => expect(findSyntaxFault(text, 500)?.message).toBe(message))

  it('finds a fault exactly where JSON.parse does', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyJson, fc.string(), fc.json()), (text) => {
        expect(findSyntaxFault(text, 500) === undefined).toBe(accepts(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('gives up on text that is nested without end, instead of the stack', () => {
    expect(findSyntaxFault('['.repeat(100_000), 32)?.message).toBe(
      'Nested deeper than 32 levels at line 1 column 33',
    )
    expect(findSyntaxFault('['.repeat(32), 32)?.message).toMatch(/^A value is expected/)
  })
})
