import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { within } from './within.ts'

const late = () => new Error('too late')

describe('work with a deadline', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it('that is done in time gives what it gives, and leaves no timer', async () => {
    await expect(within(Promise.resolve(1), 30_000, late)).resolves.toBe(1)
    await expect(within(Promise.reject(new RangeError('no')), 30_000, late)).rejects.toThrow(RangeError)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('that never ends is given up', async () => {
    const given = within(new Promise(() => {}), 30_000, late)
    jest.advanceTimersByTime(30_000)
    await expect(given).rejects.toThrow('too late')
  })
})
