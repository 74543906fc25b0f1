import { describe, expect, it } from '@jest/globals'
import { heldOf, orderedEvent } from '../aggregate/parcel.fixture.ts'
import type { Subscription, TopicPartition } from '../bus/bus.ts'
import { workOwnership } from './work-ownership.ts'

const HOUR_MS = 3_600_000
const DUE = 1_000_000

const held = heldOf(orderedEvent('e-1', { parcel: 'P-1' }))
const place = { topic: held.topic, partition: held.partition }
const waiting = { dueAt: DUE, since: 1, attempts: 1, code: '', reason: '', records: [held] }
const hold = { signal: new AbortController().signal, release: () => {} }

/** A member that owns `places`. */
const memberOf = (...places: readonly TopicPartition[]) => {
  const has = ({ topic, partition }: TopicPartition) =>
    places.some((own) => own.topic === topic && own.partition === partition)
  return {
    assigned: () => places,
    hold: (asked: TopicPartition) => (has(asked) ? hold : undefined),
    owns: has,
  } as unknown as Subscription
}

const owning = (
  member: Subscription | undefined,
  { topics = [held.topic], exclusive = false, now = DUE } = {},
) => workOwnership(topics, { exclusive, now: () => now }, () => member)

describe('workOwnership', () => {
  it('gives what waits to whoever owns its partition', () => {
    const owner = owning(memberOf(place))
    expect(owner.mayTakeUp(waiting)).toBe(true)
    expect(owner.hold(waiting)).toBe(hold)
    expect(owner.mayCommit(place)).toBe(true)
    const other = owning(memberOf({ ...place, partition: held.partition + 1 }))
    expect(other.mayTakeUp(waiting)).toBe(false)
    expect(other.hold(waiting)).toBeUndefined()
    expect(other.mayCommit(place)).toBe(false)
  })

  it('takes up nothing before it has subscribed, but lets the first records commit', () => {
    const early = owning(undefined)
    expect(early.mayTakeUp(waiting)).toBe(false)
    expect(early.hold(waiting)).toBeUndefined()
    expect(early.mayCommit(place)).toBe(true)
  })

  it('given a topic it does not know, leaves it for an hour to replicas of another release that may know it', () => {
    const strange = (now: number, exclusive = false) =>
      owning(memberOf(place), { topics: ['parcel.lost.v1'], now, exclusive })
    for (const { mayTakeUp, hold: take } of [strange(DUE), strange(DUE + HOUR_MS - 1)]) {
      expect(mayTakeUp(waiting)).toBe(false)
      expect(take(waiting)).toBeUndefined()
    }
    for (const { mayTakeUp, hold: take, mayCommit } of [strange(DUE + HOUR_MS), strange(DUE, true)]) {
      expect(mayTakeUp(waiting)).toBe(true)
      expect(take(waiting)?.signal.aborted).toBe(false)
      expect(mayCommit(place)).toBe(true)
    }
  })

  it('has nothing to do where nothing waits', () => {
    const owner = owning(memberOf(place))
    expect(owner.mayTakeUp({ ...waiting, records: [] })).toBe(false)
    expect(owner.hold({ ...waiting, records: [] })).toBeUndefined()
  })
})
