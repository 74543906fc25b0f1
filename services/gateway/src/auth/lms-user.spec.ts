import { describe, expect, it } from '@jest/globals'
import { callerOfClaims } from './lms-user.ts'
import { Unauthenticated } from './unauthenticated.ts'

describe('callerOfClaims', () => {
  it.each([{ administrator: true }, { superuser: true }, { is_superuser: true }])(
    '%j is staff: may hand in and read orders',
    (claims) => {
      const caller = callerOfClaims({ preferred_username: 'worker', ...claims })
      expect(caller).toEqual({
        name: 'lms:worker',
        staff: true,
        scopes: new Set(['orders:write', 'orders:read']),
      })
    },
  )

  it.each([
    {},
    { administrator: false },
    { administrator: 'true' },
    { administrator: 1 },
    { administrator: true, is_restricted: true },
  ])('%j is nobody’s staff and may do nothing', (claims) =>
    expect(callerOfClaims({ preferred_username: 'alice', ...claims })).toEqual({
      name: 'lms:alice',
      staff: false,
      scopes: new Set(),
    }),
  )

  it('never makes a name that submittedBy does not take', () => {
    expect(callerOfClaims({ preferred_username: 'x'.repeat(400) }).name).toHaveLength(150)
  })

  it.each([{}, { preferred_username: '' }, { preferred_username: 7 }])(
    'refuses %j: nobody is named',
    (claims) => {
      expect(() => callerOfClaims(claims as never)).toThrow(Unauthenticated)
    },
  )
})
