import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createRunning } from './running.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

/** Whether a promise is settled once all that can happen at this moment has happened. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  void promise.finally(() => (settled = true))
  await jest.advanceTimersByTimeAsync(0)
  return settled
}

describe('createRunning', () => {
  it('given nothing that runs, waits for nothing', async () => {
    expect(await isSettled(createRunning().none(1_000))).toBe(true)
  })

  it('waits until the last has ended, however often an end is told', async () => {
    const running = createRunning()
    const [first, second] = [running.begin(), running.begin()]
    const none = running.none(1_000)
    first()
    first()
    expect(running.count()).toBe(1)
    expect(await isSettled(none)).toBe(false)
    second()
    expect(await isSettled(none)).toBe(true)
  })

  it('waits no longer than it is told to, or than the signal allows', async () => {
    const running = createRunning()
    running.begin()
    const [stop, aborted] = [new AbortController(), running.none(1_000)]
    const bySignal = running.none(1_000, stop.signal)
    stop.abort()
    expect(await isSettled(bySignal)).toBe(true)
    expect(await isSettled(aborted)).toBe(false)
    await jest.advanceTimersByTimeAsync(1_000)
    expect(await isSettled(aborted)).toBe(true)
  })
})
