import { describe, expect, it } from '@jest/globals'
import { identify, isRunning, parseStat } from './identity.ts'

const after = (state: string, start: string) =>
  `${state} 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 ${start} 1000 10 18446744073709551615`

describe('a process’s identity', () => {
  it('is read past a name that holds spaces and brackets', () => {
    expect(parseStat(`42 (a) b (c) ${after('S', '98765')}`)).toEqual({ state: 'S', started: '98765' })
  })

  it('is nothing where the line is cut off', () => {
    expect(parseStat('42 (java) S 1')).toBeUndefined()
  })

  it('knows this process, and not another start of the same pid', () => {
    const me = identify(process.pid)
    expect(me?.pid).toBe(process.pid)
    expect(me !== undefined && isRunning(me)).toBe(true)
    expect(isRunning({ pid: process.pid, started: 'at another time' })).toBe(false)
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])('knows nobody of pid %d', (pid) => {
    expect(identify(pid)).toBeUndefined()
  })
})
