import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RUNTIME_VERSION, definePlugin, fitsRuntime } from './plugin.ts'

describe('a plugin made for one release', () => {
  it.each([
    ['0.1', '0.1.0', true],
    ['0.1.0', '0.1.0', true],
    ['0.1.0', '0.1.7', true],
    ['0.1', '0.1.7', true],
    ['0.1.7', '0.1.0', false],
    ['0.2', '0.1.0', false],
    ['0.1', '0.2.0', false],
    ['0', '0.1.0', false],
    ['1', '0.1.0', false],
    ['0.1', '1.0.0', false],
    ['1', '1.0.0', true],
    ['1', '1.4.2', true],
    ['1.2', '1.4.2', true],
    ['1.4.2', '1.4.2', true],
    ['1.4.3', '1.4.2', false],
    ['1.5', '1.4.2', false],
    ['1', '2.0.0', false],
    ['2', '1.9.9', false],
    ['0.0.3', '0.0.3', true],
    ['0.0.3', '0.0.4', false],
    ['0.0.4', '0.0.3', false],
    ['', '0.1.0', undefined],
    ['latest', '0.1.0', undefined],
    ['^0.1', '0.1.0', undefined],
    ['0.1.0.0', '0.1.0', undefined],
    ['0.1.', '0.1.0', undefined],
    ['-1', '0.1.0', undefined],
    ['0.1', 'next', undefined],
  ])('%s on %s: %p', (wanted, release, fits) => expect(fitsRuntime(wanted, release)).toBe(fits))

  it('runs on that release, and on no older one', () => {
    const number = fc.nat({ max: 3 })
    const release = fc.tuple(number, number, number)
    const text = (numbers: readonly number[]) => numbers.join('.')
    fc.assert(
      fc.property(release, release, (one, other) => {
        expect(fitsRuntime(text(one), text(one))).toBe(true)
        const nth = one.findIndex((part, at) => part !== other[at])
        const isOlder = nth >= 0 && (other[nth] ?? 0) < (one[nth] ?? 0)
        if (isOlder) expect(fitsRuntime(text(one), text(other))).toBe(false)
      }),
    )
  })

  it('runs on this one', () => expect(fitsRuntime(RUNTIME_VERSION)).toBe(true))

  it('is what was declared, and stays so', () => {
    const plugin = definePlugin({ name: 'a', runtime: '0.1' })
    expect(plugin).toEqual({ name: 'a', runtime: '0.1' })
    expect(Object.isFrozen(plugin)).toBe(true)
  })
})
