import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cellsOf, clipped, escaped } from './text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 40 })

describe('escaped', () => {
  it.each([
    [`<b title="it's">&`, '&lt;b title=&quot;it&#39;s&quot;&gt;&amp;'],
    ['a\u0000b\u001B[31m\n', 'a\uFFFDb\uFFFD[31m\uFFFD'],
    ['abc\u202Egpj.exe', 'abc\uFFFDgpj.exe'],
    ['half \uD83D', 'half \uFFFD'],
    ['课程 🎓 é', '课程 🎓 é'],
  ])('%j', (text, expected) => expect(escaped(text)).toBe(expected))

  it('leaves nothing that ends a tag, an attribute or an entity, nor what XML can’t hold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const safe = escaped(text)
        expect(safe).not.toMatch(/[<>"'\p{Cc}\p{Cs}\uFFFE\uFFFF]/u)
        expect(safe.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })
})

describe('clipped', () => {
  it.each([
    ['order.placed.v1', 15, 'order.placed.v1'],
    ['order.placed.v1', 14, 'order.placed.…'],
    ['课程课程', 8, '课程课程'],
    ['课程课程', 7, '课程课…'],
  ])('%s in %i', (text, cells, expected) => expect(clipped(text, cells)).toBe(expected))

  it('takes no more room than there is, and is the text where that fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 50 }), (text, cells) => {
        const shown = clipped(text, cells)
        expect(cellsOf(shown)).toBeLessThanOrEqual(cells)
        expect(shown === text).toBe(cellsOf(text) <= cells)
      }),
    )
  })
})
