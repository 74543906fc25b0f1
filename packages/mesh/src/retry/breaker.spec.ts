import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createBreaker, type Breaker } from './breaker.ts'

const options = { failures: 2, coolDownMs: 1_000, maxCoolDownMs: 8_000 }

const setUp = () => {
  const changes: boolean[] = []
  const breaker = createBreaker(options, (open) => changes.push(open))
  return { breaker, changes }
}

const forever = () => new AbortController().signal

/** Calls admit for several callers and notes who is let through, in order. */
const callers = (breaker: Breaker, count: number, signal: AbortSignal = forever()) => {
  const answers: [caller: number, admitted: boolean][] = []
  for (let caller = 0; caller < count; caller++) {
    void breaker.admit(signal).then((admitted) => answers.push([caller, admitted]))
  }
  return answers
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  jest.useRealTimers()
})

/** Why a dependency failed. */
const ill = { code: 'MESH_LMS_UNAVAILABLE', reason: 'refused' }

describe('breaker', () => {
  it('lets everybody through while closed, and stays closed below the limit', async () => {
    const { breaker, changes } = setUp()
    expect(breaker.failure(ill)).toBe(false)
    breaker.success()
    expect(breaker.failure(ill)).toBe(false)
    const answers = callers(breaker, 3)
    await pass(0)
    expect(answers.map(([, admitted]) => admitted)).toEqual([true, true, true])
    expect(changes).toEqual([])
  })

  it('holds everybody back once open, then lets one probe through, and all when it succeeds', async () => {
    const { breaker, changes } = setUp()
    breaker.failure(ill)
    expect(breaker.failure(ill)).toBe(true)
    expect(changes).toEqual([true])
    const answers = callers(breaker, 4)
    await pass(999)
    expect(answers).toEqual([])
    await pass(1)
    expect(answers).toHaveLength(1)
    await pass(60_000)
    expect(answers).toHaveLength(1)
    breaker.success()
    await pass(0)
    expect(answers).toHaveLength(4)
    expect(changes).toEqual([true, false])
  })

  it('sends one probe per cool-down while the other side stays down, each after twice the time', async () => {
    const { breaker, changes } = setUp()
    breaker.failure(ill)
    breaker.failure(ill)
    const answers = callers(breaker, 5)
    const admitted: number[] = []
    for (const coolDown of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      await pass(coolDown - 1)
      const before = answers.length
      await pass(1)
      admitted.push(answers.length - before)
      expect(breaker.failure(ill)).toBe(true)
    }
    expect(admitted).toEqual([1, 1, 1, 1, 1])
    expect(changes).toEqual([true])
  })

  it('opens at once and until the time that the other side names', async () => {
    const { breaker } = setUp()
    expect(breaker.failure(ill, 30_000)).toBe(true)
    const answers = callers(breaker, 1)
    await pass(29_999)
    expect(answers).toEqual([])
    await pass(1)
    expect(answers).toEqual([[0, true]])
  })

  it('waits without turning round in the meantime, also for a time beyond what a timer can hold', async () => {
    const { breaker } = setUp()
    const month = 30 * 24 * 3_600_000
    breaker.failure(ill, month)
    const answers = callers(breaker, 1)
    await pass(60_000)
    expect(answers).toEqual([])
    expect(jest.getTimerCount()).toBe(1)
    await pass(month - 60_000)
    expect(answers).toEqual([[0, true]])
  })

  it('lets the next one probe when a probe was given up', async () => {
    const { breaker } = setUp()
    breaker.failure(ill, 100)
    const answers = callers(breaker, 2)
    await pass(100)
    expect(answers).toHaveLength(1)
    breaker.release()
    await pass(0)
    expect(answers).toHaveLength(2)
    expect(breaker.state().open).toBe(true)
  })

  it('lets a caller go whose signal aborts, and nobody else', async () => {
    const { breaker } = setUp()
    breaker.failure(ill, 1_000)
    const impatient = new AbortController()
    const going = callers(breaker, 1, impatient.signal)
    const staying = callers(breaker, 1)
    impatient.abort()
    await pass(0)
    expect(going).toEqual([[0, false]])
    expect(staying).toEqual([])
    await pass(1_000)
    expect(staying).toEqual([[0, true]])
  })

  it('refuses a caller whose signal aborted before, even while closed', async () => {
    const { breaker } = setUp()
    await expect(breaker.admit(AbortSignal.abort())).resolves.toBe(false)
  })

  it('lets nobody through after its end, and keeps nobody waiting', async () => {
    const { breaker } = setUp()
    breaker.failure(ill, 3_600_000)
    const answers = callers(breaker, 2)
    breaker.end()
    await pass(0)
    expect(answers).toEqual([
      [0, false],
      [1, false],
    ])
    await expect(breaker.admit(forever())).resolves.toBe(false)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind', async () => {
    const { breaker } = setUp()
    breaker.failure(ill, 1_000)
    const answers = callers(breaker, 3)
    await pass(1_000)
    breaker.success()
    await pass(0)
    expect(answers).toHaveLength(3)
    expect(jest.getTimerCount()).toBe(0)
  })
})
