import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { epochMs, hrTime } from './clock.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the clock of spans', () => {
  it('goes with the wall clock, and finer', () => {
    const readings = Array.from({ length: 50 }, epochMs)
    expect(Math.abs((readings[0] ?? 0) - Date.now())).toBeLessThan(50)
    expect(readings.toSorted((a, b) => a - b)).toEqual(readings)
    expect(readings.some((reading) => !Number.isInteger(reading))).toBe(true)
  })

  it('follows a wall clock that was set', () => {
    const before = epochMs()
    const real = Date.now
    jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000)
    expect(epochMs() - before).toBeGreaterThan(3_599_000)
    expect(epochMs() - before).toBeLessThan(3_660_000)
  })

  it('is written as seconds and nanoseconds', () => {
    expect(hrTime(1_795_306_178_990.25)).toEqual([1_795_306_178, 990_250_000])
    expect(hrTime(0.5)).toEqual([0, 500_000])
  })
})
