import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts'

// "HTTP Protocol Binding" 3.1.3.2
describe('header values', () => {
  it('leave printable ASCII alone but space, double quote and percent', () => {
    const printable = Array.from({ length: 0x7e - 0x20 }, (_, nth) => String.fromCharCode(0x21 + nth)).join(
      '',
    )
    const plain = printable.replace('"', '').replace('%', '')
    expect(encodeHeaderValue(plain)).toBe(plain)
    expect(encodeHeaderValue(' "%')).toBe('%20%22%25')
  })

  it('encode control characters and everything beyond ASCII', () => {
    expect(encodeHeaderValue('a\r\nb\u007f')).toBe('a%0D%0Ab%7F')
  })

  it('are printable ASCII whatever the text, and come back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeHeaderValue(text)
        expect(encoded).toMatch(/^[\x21-\x7e]*$/)
        expect(decodeHeaderValue(encoded)).toBe(text)
      }),
    )
  })

  it.each([
    ['lower-case hex digits', 'Euro%20%e2%82%ac', 'Euro €'],
    ['needless encoding', '%61%62', 'ab'],
    ['one round only', '%2520', '%20'],
    ['double quotes of older senders', '"Euro %E2%82%AC \\"x\\" \\\\"', 'Euro € "x" \\'],
    ['plain spaces', 'a b', 'a b'],
  ])('take %s', (_, value, text) => {
    expect(decodeHeaderValue(value)).toBe(text)
  })

  it.each([
    ['an overlong encoding of space', '%C0%A0'],
    ['half a character', '%E2%82'],
    ['a broken escape', '50%'],
    ['a raw character beyond ASCII', 'Euro €'],
    ['a line break', 'a\nb'],
  ])('refuse %s', (_, value) => {
    expect(decodeHeaderValue(value)).toBeUndefined()
  })
})
