import { describe, expect, it } from '@jest/globals'
import { createHealth } from './health.ts'

const setUp = () => {
  const clock = { now: 1_000 }
  const told: (string | undefined)[] = []
  const over: string[] = []
  const health = createHealth(
    'a:1',
    (problem, words) => {
      told.push(problem)
      if (problem === undefined) over.push(words)
    },
    () => clock.now,
  )
  return { clock, told, over, health }
}

const APART = 'no broker of a:1 answers since 1970-01-01T00:00:01.000Z: connect ECONNREFUSED'

describe('the health of the Kafka bus', () => {
  it('is well at first', () => {
    expect(setUp().health.problem()).toBeUndefined()
  })

  it('tells since when no broker answers, once, and when one does again, once', () => {
    const { health, clock, told, over } = setUp()
    health.unreached('connect ECONNREFUSED')
    clock.now += 5_000
    health.unreached('connect ECONNREFUSED')
    expect(health.problem()).toBe(APART)
    health.reached()
    health.reached()
    expect(health.problem()).toBeUndefined()
    expect(told).toEqual([APART, undefined])
    expect(over).toEqual(['Kafka is well again'])
  })

  it('is well again when a record was written, too', () => {
    const { health } = setUp()
    health.unreached('connect ECONNREFUSED')
    health.produced(undefined)
    expect(health.problem()).toBeUndefined()
  })

  it('tells when nothing can be written for a second, though brokers answer', () => {
    const { health, clock } = setUp()
    health.produced('NOT_LEADER_FOR_PARTITION')
    clock.now += 999
    health.produced('NOT_ENOUGH_REPLICAS')
    expect(health.problem()).toBeUndefined()
    clock.now += 1
    health.produced('NOT_ENOUGH_REPLICAS')
    health.reached()
    expect(health.problem()).toBe(
      'Kafka (a:1) takes no events since 1970-01-01T00:00:01.000Z: NOT_ENOUGH_REPLICAS',
    )
    health.produced(undefined)
    expect(health.problem()).toBeUndefined()
  })

  it('is well while one broker takes nothing but another does', () => {
    const { health, clock } = setUp()
    for (let second = 0; second < 5; second++) {
      health.produced('Closed connection')
      clock.now += 1_000
      health.produced(undefined)
    }
    health.produced('Closed connection')
    expect(health.problem()).toBeUndefined()
  })

  it('lets traffic come again some seconds after a write failed, or nothing would ever show that it is over', () => {
    const { health, clock } = setUp()
    health.produced('NOT_ENOUGH_REPLICAS')
    clock.now += 1_000
    health.produced('NOT_ENOUGH_REPLICAS')
    clock.now += 4_999
    expect(health.problem()).toBeDefined()
    clock.now += 1
    expect(health.problem()).toBeUndefined()
  })

  it('says of forgotten trouble what is known, not that all is well', () => {
    const { health, clock, over } = setUp()
    const fail = () => {
      health.produced('NOT_ENOUGH_REPLICAS')
      clock.now += 1_000
      health.produced('NOT_ENOUGH_REPLICAS')
    }
    fail()
    clock.now += 5_000
    health.reached()
    expect(over).toEqual([expect.stringContaining('No write to Kafka has failed for 5 s')])
    fail()
    health.produced(undefined)
    expect(over[1]).toBe('Kafka is well again')
    health.produced('NOT_ENOUGH_REPLICAS')
    clock.now += 60_000
    health.unreached('connect ECONNREFUSED')
    health.reached()
    expect(over[2]).toBe('Kafka is well again')
  })

  it('counts trouble from when it began, not from one that is long over', () => {
    const { health, clock } = setUp()
    health.produced('NOT_LEADER_FOR_PARTITION')
    clock.now += 3_600_000
    health.produced('NOT_LEADER_FOR_PARTITION')
    expect(health.problem()).toBeUndefined()
    clock.now += 1_000
    health.produced('NOT_LEADER_FOR_PARTITION')
    expect(health.problem()).toContain('since 1970-01-01T01:00:01.000Z')
  })
})
