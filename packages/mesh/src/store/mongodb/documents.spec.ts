import { describe, expect, it } from '@jest/globals'
import { contentOf, firstVersion, indexValues, textOf, toStored } from './documents.ts'

describe('indexValues', () => {
  const values = (body: unknown, ...paths: string[]) => indexValues(JSON.stringify(body), paths)

  it('takes numbers and strings along paths', () => {
    const body = { due: 0, learner: { city: '' } }
    expect(values(body, 'due', 'learner.city', 'learner.street')).toEqual({ due: 0, 'learner:city': '' })
  })

  it.each([null, true, {}, [1], { at: 1 }])('takes no %j', (due) =>
    expect(values({ due }, 'due')).toEqual({}),
  )

  it('goes neither into lists nor into what every object has', () => {
    expect(values({ lines: [{ n: 1 }], text: 'abc' }, 'lines.n', 'lines.length', 'text.length')).toEqual({})
    expect(values({}, 'constructor.name', '__proto__.name', 'toString.length')).toEqual({})
    expect(values(5, 'a')).toEqual({})
    expect(values(null, 'a')).toEqual({})
  })

  it('sees a body as it is kept', () => {
    expect(values({ at: new Date(0), gone: undefined, none: Number.NaN }, 'at', 'gone', 'none')).toEqual({
      at: '1970-01-01T00:00:00.000Z',
    })
  })
})

describe('a body', () => {
  it.each([
    [
      'names that BSON or MongoDB would not keep',
      { 'a\0b': 1, $set: { 'a.b': 1 }, '': 2, '0': 'x', constructor: 1 },
    ],
    ['a member called __proto__', JSON.parse('{"__proto__":{"a":1}}') as object],
    ['half a surrogate pair', { text: '\ud800', '\udc00': 1 }],
    ['numbers at the edges', [Number.MAX_SAFE_INTEGER, 5e-324, 1.7976931348623157e308, -1]],
    ['deeper nesting than MongoDB allows', JSON.parse(`${'['.repeat(150)}${']'.repeat(150)}`) as object],
    ['a text alone', 'text'],
    ['nothing', null],
  ])('comes back as it was: %s', (_, body) => {
    const { body: kept } = toStored({ _id: 'a', v: 1, ...contentOf(textOf(body), []) })
    expect(JSON.stringify(kept)).toBe(JSON.stringify(body))
  })

  it('is refused where it is no JSON', () => {
    expect(() => textOf(undefined)).toThrow(TypeError)
    expect(() => textOf(() => 1)).toThrow(TypeError)
  })

  it('may have up to about 16 MiB, in bytes', () => {
    const text = (length: number) => JSON.stringify('é'.repeat(length / 2))
    expect(contentOf(text(15.9 * 1024 * 1024), []).b.length).toBeGreaterThan(8_000_000)
    expect(() => contentOf(text(16 * 1024 * 1024), [])).toThrow(
      expect.objectContaining({ code: 'MESH_DOCUMENT_TOO_LARGE' }),
    )
  })
})

describe('firstVersion', () => {
  it('is a positive integer with room to count on, and another each time', () => {
    const versions = Array.from({ length: 1_000 }, firstVersion)
    expect(versions.every((version) => Number.isSafeInteger(version * 2) && version >= 1)).toBe(true)
    expect(new Set(versions).size).toBe(1_000)
  })
})
