import { describe, expect, it } from '@jest/globals'
import { Refusal } from '../problem/refusal.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'

describe('idempotencyKeyOf', () => {
  it.each([
    [undefined, undefined],
    ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['order 7', 'order 7'],
  ])('reads %j as %j', (header, key) => expect(idempotencyKeyOf(header)).toBe(key))

  it.each(['', '""', '"', '"a', 'a"', 'ü', 'a\tb', 'x'.repeat(256), '"a\\x"'])('refuses %j', (header) => {
    expect(() => idempotencyKeyOf(header)).toThrow(Refusal)
  })

  it('refuses the header twice', () => expect(() => idempotencyKeyOf(['a', 'b'])).toThrow(Refusal))
})
