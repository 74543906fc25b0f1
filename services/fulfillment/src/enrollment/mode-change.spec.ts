import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { modeChange } from './mode-change.ts'

const active = (mode: string) => ({ mode, isActive: true })
const PAID = [
  'verified',
  'professional',
  'no-id-professional',
  'credit',
  'masters',
  'executive-education',
  'paid-bootcamp',
  'our-own-mode',
]
const FREE = ['audit', 'honor', 'unpaid-bootcamp', 'unpaid-executive-education']

describe('what an order means for the enrollment that is there', () => {
  it.each([
    ['nothing there', null, 'verified', 'write'],
    ['so already', active('verified'), 'verified', 'granted'],
    ['audit to verified', active('audit'), 'verified', 'write'],
    ['audit to honor', active('audit'), 'honor', 'write'],
    ['one free mode to another', active('honor'), 'unpaid-bootcamp', 'write'],
    ['verified to credit', active('verified'), 'credit', 'write'],
    ['a professional who proves who they are', active('no-id-professional'), 'professional', 'write'],
    ['overtaken: verified after credit', active('credit'), 'verified', 'granted'],
    ['free after paid', active('verified'), 'audit', 'granted'],
    ['audit after honor', active('honor'), 'audit', 'granted'],
    ['masters would be lost', active('masters'), 'verified', 'conflict'],
    ['professional would be lost', active('professional'), 'verified', 'conflict'],
    ['verified would be lost', active('verified'), 'masters', 'conflict'],
    ['a mode nobody knows would be lost', active('our-own-mode'), 'verified', 'conflict'],
  ])('%s', (_case, held, wanted, change) => {
    expect(modeChange(held, wanted)).toBe(change)
  })

  const modes = fc.constantFrom(...PAID, ...FREE)

  it('an enrollment that is not active holds nothing back, whatever its mode', () => {
    fc.assert(
      fc.property(
        modes,
        modes,
        (held, wanted) => modeChange({ mode: held, isActive: false }, wanted) === 'write',
      ),
    )
  })

  it('two orders for one course leave the same mode in whichever order they come, or a person is asked', () => {
    const after = (held: string | null, wanted: string) => {
      const change = modeChange(held === null ? null : active(held), wanted)
      return change === 'write' ? wanted : change === 'granted' ? held : 'a person'
    }
    const unequalFree = (a: string, b: string) =>
      a !== 'audit' && b !== 'audit' && FREE.includes(a) && FREE.includes(b)
    fc.assert(
      fc.property(modes, modes, (first, second) => {
        fc.pre(!unequalFree(first, second))
        expect(after(after(null, first), second)).toBe(after(after(null, second), first))
      }),
    )
  })

  it('nothing that was paid for is ever overwritten but by what includes it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAID), modes, (held, wanted) => {
        const overwritten = modeChange(active(held), wanted) === 'write'
        expect(overwritten).toBe(
          (held === 'verified' && wanted === 'credit') ||
            (held === 'no-id-professional' && wanted === 'professional'),
        )
      }),
    )
  })
})
