import { describe, expect, it } from '@jest/globals'
import { createTrust } from './trust.ts'

const open = () => {
  let clock = 0
  const trust = createTrust({ sessionTimeoutMs: 1_000, rebalanceTimeoutMs: 3_000, now: () => clock })
  return { trust, at: (now: number) => (clock = now) }
}

describe('trust in what a member holds', () => {
  it('is none before the coordinator was heard', () => {
    expect(open().trust.leftMs()).toBe(-Infinity)
  })

  it('ends a little before the session does, from when the last request went out that was answered', () => {
    const { trust, at } = open()
    at(5_000)
    trust.heard(4_800)
    expect(trust.leftMs()).toBe(700)
    expect(trust.silentMs()).toBe(200)
    // An older answer that comes later takes nothing away.
    trust.heard(4_000)
    expect(trust.leftMs()).toBe(700)
    at(5_700)
    expect(trust.leftMs()).toBe(0)
  })

  it('ends with the time for a round too, however often the coordinator is heard', () => {
    const { trust, at } = open()
    trust.heard(1_000)
    at(1_500)
    trust.roundBegins()
    trust.heard(3_600)
    // A second try belongs to the same round.
    trust.roundBegins()
    at(3_600)
    expect(trust.leftMs()).toBe(100)
    trust.roundEnds()
    expect(trust.leftMs()).toBe(900)
  })
})
