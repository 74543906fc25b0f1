import { describe, expect, it } from '@jest/globals'
import { FaultBoard, faultAnswer, faultKinds, faultSettings } from './faults.ts'
import type { FaultTarget, FaultsInput } from './faults.ts'

const target: FaultTarget = {
  method: 'POST',
  path: '/api/enrollment/v1/enrollment',
  user: 'alice',
  courseId: 'c',
}
const never = { delayMs: 0, kind: null, retryAfterSeconds: undefined }

function board(faults: FaultsInput, random = 0): FaultBoard {
  const made = new FaultBoard(() => random)
  made.set(faults)
  return made
}

describe('FaultBoard', () => {
  it('does nothing until told', () => {
    expect(new FaultBoard().plan(target)).toEqual(never)
  })

  it.each([
    [{}, true],
    [{ method: 'POST', path: '/api/enrollment', user: 'alice', courseId: 'c' }, true],
    [{ method: 'GET' }, false],
    [{ path: '/api/user' }, false],
    [{ path: '/enrollment' }, false],
    [{ user: 'bob' }, false],
    [{ courseId: 'd' }, false],
  ])('matches %j: %s', (match, strikes) => {
    const plan = board({ rules: [{ match, fault: '500' }] }).plan(target)
    expect(plan.kind).toBe(strikes ? '500' : null)
  })

  it('takes the first rule that matches, as often as it says, then the next', () => {
    const made = board({ rules: [{ fault: '429', times: 2 }, { fault: '503' }] })
    const kinds = Array.from({ length: 4 }, () => made.plan(target).kind)
    expect(kinds).toEqual(['429', '429', '503', '503'])
    expect(made.settings.rules.map((rule) => rule.fault)).toEqual(['503'])
  })

  it('strikes with the given probability, and a miss uses nothing up', () => {
    const rules = [{ fault: '500' as const, probability: 0.25, times: 1 }]
    expect(board({ rules }, 0.24).plan(target).kind).toBe('500')
    const missed = board({ rules }, 0.25)
    expect(missed.plan(target).kind).toBeNull()
    expect(missed.settings.rules[0]?.times).toBe(1)
  })

  it('adds latency, jitter and the delay of the rule', () => {
    expect(board({ latencyMs: 100, jitterMs: 50 }, 0.5).plan(target).delayMs).toBe(125)
    expect(board({ latencyMs: 100, rules: [{ fault: 'slow', delayMs: 7 }] }).plan(target).delayMs).toBe(107)
    expect(board({ rules: [{ fault: 'slow' }] }).plan(target).delayMs).toBe(5_000)
  })

  it('forgets everything when cleared', () => {
    const made = board({ latencyMs: 5, down: true, rules: [{ fault: '500' }] })
    made.clear()
    expect([made.plan(target), made.settings.down]).toEqual([never, false])
  })
})

describe('faultSettings', () => {
  it.each([
    { latency: 5 },
    { latencyMs: -1 },
    { latencyMs: '5' },
    { rules: [{ fault: 'nonsense' }] },
    { rules: [{ fault: '500', times: 0 }] },
    { rules: [{ fault: '500', probability: 1.5 }] },
    { rules: [{ fault: '500', match: { url: '/x' } }] },
    { rules: [{ fault: '500', match: { method: 'post' } }] },
    { down: 'yes' },
    [],
    null,
  ])('refuses %j', (faults) => {
    expect(faultSettings.safeParse(faults).success).toBe(false)
  })
})

describe('faultAnswer', () => {
  it('answers for the faults that answer, and for no other', () => {
    const statuses = faultKinds.map((kind) => faultAnswer({ ...never, kind })?.status ?? null)
    expect(statuses).toEqual([401, 429, 500, 503, null, null, null, null, 200])
  })

  it('sends Retry-After only where one is set', () => {
    expect(faultAnswer({ ...never, kind: '503', retryAfterSeconds: 2 })?.headers).toEqual({
      'retry-after': '2',
    })
    expect(faultAnswer({ ...never, kind: '429' })?.headers).toEqual({})
  })

  it('breaks JSON off', () => {
    const answer = faultAnswer({ ...never, kind: 'malformed' })
    expect(answer).toMatchObject({ status: 200, contentType: 'application/json' })
    expect(() => JSON.parse(answer?.body ?? '{}')).toThrow()
  })
})
