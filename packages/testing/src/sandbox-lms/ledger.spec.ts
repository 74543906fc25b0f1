import { describe, expect, it } from '@jest/globals'
import { CallLog } from './call-log.ts'
import { Ledger } from './ledger.ts'
import { Traffic } from './traffic.ts'
import type { CallRecord } from './call-log.ts'

const row = { mode: 'verified', isActive: true, created: '2026-01-01T00:00:00Z', attributes: [] }
const change = { username: 'alice', courseId: 'c', after: row, writes: 1, optIn: null } as const

describe('Ledger', () => {
  it('tells apart what was called and what took effect', () => {
    const ledger = new Ledger()
    ledger.countCall('alice', 'c', 'EDX-1')
    ledger.countCall('alice', 'c', null)
    const untouched = { user: 'alice', courseId: 'c', mode: null, isActive: false, effects: 0, calls: 2 }
    expect(ledger.effect('alice', 'c')).toEqual({ ...untouched, lastOrderNumber: 'EDX-1' })
    ledger.apply(change)
    expect(ledger.effects()).toEqual([
      { ...untouched, mode: 'verified', isActive: true, effects: 1, lastOrderNumber: 'EDX-1' },
    ])
    expect(ledger.effect('alice', 'd')).toBeUndefined()
  })

  it('keeps learners with odd names apart', () => {
    const ledger = new Ledger()
    ledger.countCall('a,b', 'c', null)
    ledger.countCall('a', 'b,c', null)
    expect(ledger.effects()).toHaveLength(2)
  })

  it('takes over what was saved, also twice', () => {
    const first = new Ledger()
    const entry = first.apply(change)
    const second = new Ledger()
    second.restore(entry)
    second.restore(entry)
    expect(second.effects()).toEqual(first.effects())
    expect(second.activeEnrollments('c')).toBe(1)
  })
})

describe('CallLog', () => {
  it('keeps the latest, oldest first', () => {
    const log = new CallLog(3)
    for (let at = 1; at <= 20; at += 1) log.add({ at } as CallRecord)
    expect(log.latest().map((call) => call.at)).toEqual([18, 19, 20])
    expect(log.latest(1).map((call) => call.at)).toEqual([20])
    expect(log.latest(99)).toHaveLength(3)
  })
})

describe('Traffic', () => {
  it('knows the most in flight at a time, and starts anew without losing what is in flight', () => {
    const traffic = new Traffic()
    traffic.begin()
    traffic.begin()
    traffic.end()
    traffic.countEffects(2)
    expect(traffic.stats()).toEqual({ inFlight: 1, maxInFlight: 2, requests: 2, effects: 2 })
    traffic.reset()
    expect(traffic.stats()).toEqual({ inFlight: 1, maxInFlight: 1, requests: 0, effects: 0 })
  })
})
