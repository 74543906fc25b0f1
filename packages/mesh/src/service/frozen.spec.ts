import { describe, expect, it } from '@jest/globals'
import { frozen } from './frozen.ts'

describe('frozen', () => {
  it('freezes what JSON can hold, all the way down, and gives it back', () => {
    const value = { lines: [{ state: 'paid' }], note: null, total: 3 }
    expect(frozen(value)).toBe(value)
    for (const part of [value, value.lines, value.lines[0]]) expect(Object.isFrozen(part)).toBe(true)
  })

  it('ends on a circle', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(Object.isFrozen(frozen(circle))).toBe(true)
  })

  it('goes as deep as any JSON does', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(Object.isFrozen(frozen(deep))).toBe(true)
  })

  it('leaves alone what is no data, and what can’t be frozen', () => {
    const bytes = new Uint8Array(2)
    const date = new Date(0)
    frozen({ bytes, date })
    expect([Object.isFrozen(bytes), Object.isFrozen(date)]).toEqual([false, false])
    expect([frozen(undefined), frozen(7), frozen(null)]).toEqual([undefined, 7, null])
  })
})
