import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { JsonFault, parseJson } from './parse-json.ts'

const DEPTH = 6

const parse = (text: string, depth = DEPTH) => parseJson(Buffer.from(text), depth)

const faultOf = (text: string, depth = DEPTH): string | undefined => {
  try {
    parse(text, depth)
    return undefined
  } catch (thrown) {
    if (thrown instanceof JsonFault) return thrown.message
    throw thrown
  }
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

/** JSON text written by hand, so that keys can stand twice: what is in it is known beforehand. */
type Written = { text: string; twice: boolean; depth: number }

const leaf = fc
  .oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('"', '\\', '\\"', '{', '[,', ']}'),
  )
  .map((value): Written => ({ text: JSON.stringify(value), twice: false, depth: 0 }))

const key = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'a"', 'a\\', '', '{'),
  fc.string({ maxLength: 3 }),
)

const space = fc.constantFrom('', ' ', '\n', ' \t')

const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof(
    { maxDepth: 7, depthSize: 'small' },
    leaf,
    fc.tuple(fc.array(tie('written'), { maxLength: 4 }), space).map(([items, gap]) => ({
      text: `[${gap}${items.map((item) => item.text).join(`${gap},`)}${gap}]`,
      twice: items.some((item) => item.twice),
      depth: 1 + Math.max(0, ...items.map((item) => item.depth)),
    })),
    fc
      .tuple(fc.array(fc.tuple(key, tie('written')), { maxLength: 20, size: 'small' }), space)
      .map(([members, gap]) => ({
        text: `{${gap}${members.map(([name, item]) => `${JSON.stringify(name)}${gap}:${item.text}`).join(`,${gap}`)}${gap}}`,
        twice:
          members.some(([, item]) => item.twice) ||
          new Set(members.map(([name]) => name)).size < members.length,
        depth: 1 + Math.max(0, ...members.map(([, item]) => item.depth)),
      })),
  ),
}))

describe('parseJson', () => {
  it('accepts exactly what JSON.parse accepts, less keys that stand twice and nesting too deep', () => {
    fc.assert(
      fc.property(written, ({ text, twice, depth }) => {
        const fault = faultOf(text)
        if (twice || depth > DEPTH) return expect(fault).toMatch(/stands twice|Nested deeper/)
        expect(fault).toBeUndefined()
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(faultOf(text) === undefined).toBe(valid)
      }),
    )
  })

  it('accepts any value up to the depth and none beyond', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const depth = depthOf(value)
        const text = JSON.stringify(value)
        expect(faultOf(text, Math.max(depth, 1))).toBeUndefined()
        if (depth > 1) expect(faultOf(text, depth - 1)).toMatch(/^Nested deeper/)
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', "Key 'a' stands twice in its object"],
    [
      '{"lines":[{"price":1},{"price":1,"x":{},"price":2}]}',
      "Key 'lines.1.price' stands twice in its object",
    ],
    ['{"total":1,"\\u0074otal":2}', "Key 'total' stands twice in its object"],
    ['{"__proto__":1,"__proto__":2}', "Key '__proto__' stands twice in its object"],
    ['{"a":[[[[[[]]]]]]}', "Nested deeper than 6 levels at 'a.0.0.0.0.0'"],
  ])('%s: %s', (text, message) => expect(faultOf(text)).toBe(message))

  it('finds a key that stands twice among very many, in time that grows with their number', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `"k${index}":0`)
    expect(faultOf(`{${many.join()}}`)).toBeUndefined()
    expect(faultOf(`{${many.join()},"k7":1}`)).toBe("Key 'k7' stands twice in its object")
  })

  it('reads a __proto__ key as a field like any other', () => {
    const value = parse('{"__proto__":{"admin":true}}') as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('admin' in value).toBe(false)
  })

  it('shows none of the text: it may hold personal data', () => {
    const fault = faultOf('{"email":"alice@example.com" oops}')
    expect(fault).toBe('A comma or a closing bracket is expected at line 1 column 30')
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Buffer.from('2261ff22', 'hex'), DEPTH)).toThrow('It is not UTF-8, from byte 3 on')
  })
})
