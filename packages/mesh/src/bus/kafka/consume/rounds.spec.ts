import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import { Refused } from './coordinator.ts'
import { type Rounds, startRounds } from './rounds.ts'

type Outcome = 'done' | Error | Promise<void>

const refused = (refusal: string) => new Refused('let this member in', refusal)

const opened: Rounds[] = []
afterEach(() => {
  for (const rounds of opened.splice(0)) rounds.stop()
})

/** Rounds that end as the test wants, one after the other; further ones come through. */
const open = (...outcomes: Outcome[]) => {
  const warnings: string[] = []
  const clock = { now: 0 }
  const began: number[] = []
  const rounds = startRounds(
    async () => {
      began.push(performance.now())
      const outcome = outcomes.shift() ?? 'done'
      if (Error.isError(outcome)) throw outcome
      if (outcome !== 'done') await outcome
    },
    pino({ level: 'info' }, { write: (line) => void warnings.push(line) }),
    () => clock.now,
  )
  opened.push(rounds)
  return { rounds, began, warnings, clock }
}

const away = () => new Error('connect ECONNREFUSED')

describe('rounds of sharing', () => {
  it('begin with one, and come again when they are wanted', async () => {
    const { rounds, began } = open()
    await settled()
    expect(began).toHaveLength(1)
    rounds.want()
    await settled()
    expect(began).toHaveLength(2)
  })

  it('are one at a time; what is wanted meanwhile comes afterwards, once', async () => {
    const first = gate()
    const { rounds, began } = open(first.opened)
    await settled()
    rounds.want()
    rounds.want()
    await settled()
    expect(began).toHaveLength(1)
    expect(rounds.running()).toBeDefined()
    first.open()
    await eventually('the second', () => began.length === 2)
    await settled()
    expect(began).toHaveLength(2)
    expect(rounds.running()).toBeUndefined()
  })

  it('are tried again at once when the group asks for it, and more and more slowly while nobody answers', async () => {
    const { began } = open(refused('REBALANCE_IN_PROGRESS'))
    await eventually('the second', () => began.length === 2)
    expect((began[1] ?? Infinity) - (began[0] ?? 0)).toBeLessThan(35)
    const { began: tries } = open(away(), away(), away())
    await eventually('the fourth try', () => tries.length === 4)
    const [a = 0, b = 0, c = 0, d = 0] = tries
    expect(b - a).toBeGreaterThanOrEqual(35)
    expect(c - b).toBeGreaterThanOrEqual(75)
    expect(d - c).toBeGreaterThanOrEqual(155)
  })

  it('say once in an outage that nobody answers, and nothing of what belongs to a change of members', async () => {
    const { rounds, began, warnings } = open(
      refused('REBALANCE_IN_PROGRESS'),
      away(),
      away(),
      refused('UNKNOWN_MEMBER_ID'),
    )
    await eventually('the fifth try', () => began.length === 5)
    await settled()
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('ECONNREFUSED')
    expect(warnings[1]).toContain('joined the consumer group again')
    rounds.want()
    await eventually('another one', () => began.length === 6)
    expect(warnings).toHaveLength(2)
  })

  it.each(['GROUP_COORDINATOR_NOT_AVAILABLE', 'ERROR_110'])(
    'say once that they don’t come through for ten seconds, whatever the refusal: %s',
    async (refusal) => {
      const last = gate()
      const { began, warnings, clock } = open(
        refused(refusal),
        refused(refusal),
        refused(refusal),
        refused(refusal),
        last.opened,
      )
      await eventually('the third try', () => began.length === 3)
      expect(warnings).toEqual([])
      clock.now += 10_000
      await eventually('the fifth try', () => began.length === 5)
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain(refusal)
      last.open()
    },
  )

  it('press no brokers that refuse the login', async () => {
    const login = Object.assign(new Error('SASL PLAIN authentication failed: no'), {
      name: 'KafkaJSSASLAuthenticationError',
    })
    const { began, warnings } = open(login)
    await eventually('the warning', () => warnings.length === 1)
    const { began: others } = open(away(), away(), away())
    await eventually('three tries of others', () => others.length === 3)
    expect(began).toHaveLength(1)
  })

  it('do not press a group that refuses for good, and say so', async () => {
    const { began, warnings } = open(refused('GROUP_AUTHORIZATION_FAILED'))
    await eventually('the warning', () => warnings.length === 1)
    await settled()
    expect(began).toHaveLength(1)
    expect(warnings[0]).toContain('GROUP_AUTHORIZATION_FAILED')
  })

  it('end when they are stopped', async () => {
    const { rounds, began } = open(away(), away())
    await settled()
    rounds.stop()
    rounds.want()
    await settled()
    expect(began).toHaveLength(1)
  })
})
