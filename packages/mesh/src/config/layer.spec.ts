import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { layer } from './layer.ts'

describe('layer', () => {
  it('merges sections and replaces the rest', () => {
    const below = { a: 1, b: { c: 2, d: [1, 2] }, e: 'x' }
    expect(layer(below, { b: { d: [3] }, e: { f: 1 }, g: undefined })).toEqual({
      a: 1,
      b: { c: 2, d: [3] },
      e: { f: 1 },
    })
  })

  it('replaces list items by number', () => {
    expect(layer({ list: [{ port: '1' }, { port: '2' }] }, { list: { 1: { port: 2 } } })).toEqual({
      list: [{ port: '1' }, { port: 2 }],
    })
  })

  it('keeps __proto__ an ordinary key', () => {
    const layered = layer(JSON.parse('{"__proto__":{"admin":true}}'), { a: 1 })
    expect(Object.keys(layered as object)).toEqual(['__proto__', 'a'])
    expect(Reflect.get({}, 'admin')).toBeUndefined()
  })

  it('shows what is below where nothing is above, and is its own result laid over itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (tree) => {
        expect(layer(tree, {})).toEqual(tree)
        expect(layer(tree, undefined)).toBe(tree)
        expect(layer(tree, tree)).toEqual(tree)
      }),
    )
  })
})
