import { describe, expect, it } from '@jest/globals'
import type { Answer } from '../../crash/shoppers.ts'
import { judgeAnswers, recoveryMs } from './outage.ts'

const answer = (at: number, status: number, more: Partial<Answer> = {}): Answer => ({
  at,
  ms: 10,
  status,
  retryAfter: status === 503 ? '5' : null,
  ...more,
})

describe('judgeAnswers', () => {
  it('counts what was refused in the proper way and what was taken', () => {
    const answers = [answer(50, 202), answer(105, 202), answer(150, 503), answer(190, 200, { ms: 40 })]
    expect(judgeAnswers(answers, 100)).toEqual({ refused: 1, taken: 1, improper: [], slowestMs: 40 })
  })

  it('finds a refusal that does not say when to come again, and a caller who heard nothing', () => {
    const answers = [answer(100, 503, { retryAfter: null }), answer(110, 0), answer(120, 500)]
    expect(judgeAnswers(answers, 0).improper).toHaveLength(3)
  })
})

describe('recoveryMs', () => {
  it('counts to the first answer to an order that was sent after the moment', () => {
    const answers = [answer(100, 202), answer(205, 202), answer(240, 503), answer(260, 202)]
    expect(recoveryMs(answers, 200)).toBe(60)
    expect(recoveryMs(answers, 1_000)).toBeUndefined()
  })
})
