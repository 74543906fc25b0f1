import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { pause } from './pause.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('pause', () => {
  it('waits for its time and says so', async () => {
    let answer: boolean | undefined
    void pause(1_000).then((passed) => (answer = passed))
    await jest.advanceTimersByTimeAsync(999)
    expect(answer).toBeUndefined()
    await jest.advanceTimersByTimeAsync(1)
    expect(answer).toBe(true)
  })

  it('ends at once with the signal, and leaves neither timer nor listener behind', async () => {
    const abort = new AbortController()
    const paused = pause(1_000, abort.signal)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1)
    abort.abort()
    await expect(paused).resolves.toBe(false)
    expect(jest.getTimerCount()).toBe(0)
    const passed = new AbortController()
    const second = pause(5, passed.signal)
    await jest.advanceTimersByTimeAsync(5)
    await expect(second).resolves.toBe(true)
    expect(getEventListeners(passed.signal, 'abort')).toHaveLength(0)
  })

  it('does not start for a signal that aborted before', async () => {
    await expect(pause(1_000, AbortSignal.abort())).resolves.toBe(false)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('takes a time that no timer can hold for a long one, not for none', async () => {
    let ended = false
    void pause(2 ** 31).then(() => (ended = true))
    await jest.advanceTimersByTimeAsync(24 * 24 * 3_600_000)
    expect(ended).toBe(false)
  })
})
