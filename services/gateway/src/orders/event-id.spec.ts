import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eventIdOf } from './event-id.ts'

describe('eventIdOf', () => {
  // SHA-256 of '16:payment.notified6:stripe5:evt_1', computed elsewhere: an id must not change between releases.
  it('always makes the same id of the same parts', () => {
    expect(eventIdOf('payment.notified', 'stripe', 'evt_1')).toBe('808f7306-3ae5-825b-99e7-32561295d199')
  })

  it('tells apart parts that read alike when put together', () => {
    expect(eventIdOf('ab', 'c')).not.toBe(eventIdOf('a', 'bc'))
    expect(eventIdOf('a', '')).not.toBe(eventIdOf('a'))
  })

  it('is a UUID of version 8, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(eventIdOf(...parts)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        )
      }),
    )
  })
})
