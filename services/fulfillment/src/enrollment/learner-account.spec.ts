import { describe, expect, it } from '@jest/globals'
import type { Lms } from '../lms/port.ts'
import { accountOf } from './learner-account.ts'
import { initialOrderState } from './order-state.ts'

const call = { signal: new AbortController().signal, traceparent: 'none' }

const unasked = (): Promise<never> => Promise.reject(new Error('the LMS was asked'))
const lms: Lms = { findUsername: unasked, readEnrollment: unasked, writeEnrollment: unasked }

describe('the account of a learner', () => {
  it.each(['a\ud800', '\udc00', 'a\u0000', 'a\nb'])(
    'is unknown for the name %j of an old event',
    async (username) => {
      await expect(accountOf({ username }, initialOrderState(), lms, call)).resolves.toMatchObject({
        verdict: 'permanent',
        code: 'MESH_LMS_LEARNER_UNKNOWN',
        reason: expect.not.stringContaining(username),
      })
    },
  )

  it('has the name that the order says', async () => {
    await expect(accountOf({ username: 'Jürgen😀' }, initialOrderState(), lms, call)).resolves.toEqual({
      verdict: 'known',
      value: { username: 'Jürgen😀' },
    })
  })
})
