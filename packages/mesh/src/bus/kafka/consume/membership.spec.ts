import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import type { Introduced } from './group-protocol.ts'
import type { Refusal } from './coordinator.ts'
import type { Joined } from './group-requests.ts'
import type { Membership } from './membership.ts'
import * as fixture from './membership.fixture.ts'
import { TOPIC, TRUSTED_MS, joined, place } from './membership.fixture.ts'

const opened: Membership[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((membership) => membership.leave()))
})

const openGroup = (changes?: Parameters<typeof fixture.openGroup>[0]) => {
  const group = fixture.openGroup(changes)
  opened.push(group.membership)
  return group
}

describe('membership of a group', () => {
  it('joins, owns what it is given, and keeps in touch', async () => {
    const { membership, said, beats, owned } = openGroup()
    expect(membership.alive()).toBe(false)
    await membership.joined
    expect(owned()).toEqual([place(0), place(1)])
    expect(said).toEqual([{ memberId: '', owned: [], leaving: false }])
    await eventually('two heartbeats', () => beats.length >= 2)
    expect(beats[0]).toEqual({ memberId: 'm1', generation: 1 })
  })

  it('shows the id that it was just given once more', async () => {
    const { membership, said } = openGroup({
      join: async (memberId) =>
        memberId === '' ? joined({ refusal: 'MEMBER_ID_REQUIRED', memberId: 'm9' }) : joined({ memberId }),
    })
    await membership.joined
    expect(said.map(({ memberId }) => memberId)).toEqual(['', 'm9'])
  })

  it('shares out when it leads, and every member gets a share', async () => {
    const counts = new Map([['parcel.lost.v1', 3]])
    const other: Introduced = {
      id: 'm2',
      topics: [TOPIC, 'parcel.lost.v1'],
      owned: [],
      awaited: [],
      counts,
      generation: -1,
      leaving: false,
    }
    const { membership, shares } = openGroup({
      join: async () => joined({ members: [{ ...other, id: 'm1' }, other] }),
    })
    await membership.joined
    expect([...(shares[0]?.keys() ?? [])].toSorted()).toEqual(['m1', 'm2'])
    // Also of a topic that only the other one knows.
    expect([...(shares[0]?.values() ?? [])].flatMap(({ places }) => places)).toHaveLength(5)
  })

  it('goes on with what it holds through another round, and says what it holds', async () => {
    const { membership, script, said, lost } = openGroup()
    await membership.joined
    const answered = gate()
    script.join = async () => {
      await answered.opened
      return joined({ generation: 2 })
    }
    script.heartbeat = async () => 'REBALANCE_IN_PROGRESS'
    await eventually('the second round', () => said.length === 2)
    expect(said[1]).toEqual({ memberId: 'm1', owned: [place(0), place(1)], leaving: false })
    expect(membership.alive()).toBe(true)
    script.heartbeat = async () => undefined
    answered.open()
    await settled()
    expect(lost).toEqual([])
    expect(said).toHaveLength(2)
  })

  it('joins again when something was let go, also while a round is under way', async () => {
    const { membership, script, said } = openGroup()
    await membership.joined
    const answered = gate()
    script.join = async () => {
      await answered.opened
      return joined({ generation: said.length })
    }
    membership.rejoin()
    await eventually('the second round', () => said.length === 2)
    membership.rejoin()
    answered.open()
    await eventually('the third round', () => said.length === 3)
  })

  it.each(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION'])(
    'gives everything up at once when a heartbeat is answered with %s, and joins anew',
    async (refusal) => {
      const { membership, script, said, lost } = openGroup()
      await membership.joined
      script.heartbeat = async () => {
        script.heartbeat = async () => undefined
        return refusal
      }
      await eventually('the loss', () => lost.length === 1)
      await eventually('the second round', () => said.length === 2)
      expect(said[1]?.owned).toEqual([])
      expect(said[1]?.memberId).toBe(refusal === 'UNKNOWN_MEMBER_ID' ? '' : 'm1')
    },
  )

  it('owns nothing as soon as it looks, when the process was stopped for longer than the session', async () => {
    const { membership, script, lost, owned, pass, said } = openGroup()
    await membership.joined
    script.heartbeat = () => new Promise(() => {})
    pass(TRUSTED_MS - 1)
    expect(membership.alive()).toBe(true)
    pass(1)
    expect(membership.alive()).toBe(false)
    expect(lost).toHaveLength(1)
    expect(owned()).toEqual([])
    await expect(membership.commit([{ ...place(0), offset: 5 }])).rejects.toThrow('no group')
    await eventually('the return', () => membership.alive())
    expect(said.at(-1)).toEqual({ memberId: 'm1', owned: [], leaving: false })
  })

  it('notices by itself that nobody answers', async () => {
    const { membership, script, lost, pass } = openGroup()
    await membership.joined
    const away = () => Promise.reject(new Error('connect ECONNREFUSED'))
    Object.assign(script, { heartbeat: away, join: away })
    pass(TRUSTED_MS)
    await eventually('the loss', () => lost.length === 1)
  })

  it('counts the session from when a heartbeat went out: its answer may have been held up', async () => {
    const { membership, script, pass, lost } = openGroup()
    await membership.joined
    const answered = gate()
    let asked = false
    script.heartbeat = async () => {
      asked = true
      await answered.opened
      return undefined
    }
    await eventually('a heartbeat', () => asked)
    pass(TRUSTED_MS - 1)
    answered.open()
    await settled()
    expect(lost).toEqual([])
    pass(1)
    expect(membership.alive()).toBe(false)
  })

  it('takes no share that it reads too late', async () => {
    const asked = gate()
    const { membership, script, owned, pass, said } = openGroup({
      sync: async () => {
        await asked.opened
        return undefined
      },
    })
    await settled()
    script.sync = async () => undefined
    pass(TRUSTED_MS)
    asked.open()
    await settled()
    expect(owned()).toEqual([])
    await membership.joined
    expect(said).toHaveLength(2)
  })

  it('does not trust a round that takes longer than the group waits for it', async () => {
    const { membership, script, said, beats, pass, lost, resets } = openGroup()
    await membership.joined
    script.join = () => new Promise(() => {})
    script.heartbeat = async () => 'REBALANCE_IN_PROGRESS'
    await eventually('the round', () => said.length === 2)
    // Heartbeats are answered all the time, so silence is not what it gives up for.
    for (let passed = 0; passed < TRUSTED_MS * 2; passed += TRUSTED_MS / 2) {
      expect(membership.alive()).toBe(true)
      const before = beats.length
      await eventually('a heartbeat', () => beats.length > before)
      pass(TRUSTED_MS / 2)
    }
    expect(membership.alive()).toBe(false)
    expect([lost.length, resets()]).toEqual([1, 1])
  })

  it('counts a round from the last answer that told of none: it may have begun right after that', async () => {
    const { membership, script, said, beats, pass } = openGroup()
    await membership.joined
    script.join = () => new Promise(() => {})
    script.heartbeat = async () => 'REBALANCE_IN_PROGRESS'
    pass(200)
    await eventually('the round', () => said.length === 2)
    pass(200)
    const before = beats.length
    await eventually('a heartbeat', () => beats.length > before)
    pass(TRUSTED_MS * 2 - 401)
    expect(membership.alive()).toBe(true)
    pass(1)
    expect(membership.alive()).toBe(false)
  })

  it('takes no round for begun when an answer of the generation before tells of it', async () => {
    const { membership, script, said, beats, pass } = openGroup()
    await membership.joined
    const answered = gate()
    const before = beats.length
    script.heartbeat = async () => {
      script.heartbeat = async () => undefined
      await answered.opened
      return 'REBALANCE_IN_PROGRESS'
    }
    await eventually('a heartbeat', () => beats.length > before)
    membership.rejoin()
    await eventually('the second round', () => said.length === 2)
    await settled()
    answered.open()
    await settled()
    for (let passed = 0; passed < TRUSTED_MS * 3; passed += TRUSTED_MS / 2) {
      const sofar = beats.length
      await eventually('a heartbeat', () => beats.length > sofar)
      pass(TRUSTED_MS / 2)
      expect(membership.alive()).toBe(true)
    }
  })

  it('keeps what it holds when an answer belongs to the generation before', async () => {
    const { membership, script, said, beats, lost } = openGroup()
    await membership.joined
    const answered = gate()
    const before = beats.length
    script.heartbeat = async () => {
      script.heartbeat = async () => undefined
      await answered.opened
      return 'ILLEGAL_GENERATION'
    }
    await eventually('a heartbeat', () => beats.length > before)
    membership.rejoin()
    await eventually('the second round', () => said.length === 2)
    answered.open()
    await settled()
    expect(lost).toEqual([])
  })

  it('keeps what it holds when the group begins anew before a round is over', async () => {
    const { membership, script, said, beats, lost } = openGroup()
    await membership.joined
    // The coordinator is in the next generation, and calls everybody back before the shares are out.
    const answers: Refusal[] = ['REBALANCE_IN_PROGRESS', 'REBALANCE_IN_PROGRESS', 'REBALANCE_IN_PROGRESS']
    script.sync = async () => answers.shift()
    script.heartbeat = async () => (answers.length > 0 ? 'ILLEGAL_GENERATION' : undefined)
    script.commit = 'ILLEGAL_GENERATION'
    membership.rejoin()
    while (answers.length > 0) {
      await expect(membership.commit([{ ...place(0), offset: 5 }])).rejects.toThrow('ILLEGAL_GENERATION')
      await settled()
    }
    await eventually('the round', () => said.length === 5)
    const before = beats.length
    await eventually('a heartbeat', () => beats.length > before)
    expect(lost).toEqual([])
  })

  it('goes on trying while the brokers are away or the group refuses, and takes no harm from it', async () => {
    const answers: (() => Promise<Joined>)[] = [
      () => Promise.reject(new Error('connect ECONNREFUSED')),
      async () => joined({ refusal: 'GROUP_COORDINATOR_NOT_AVAILABLE' }),
      async () => joined({ refusal: 'UNKNOWN_MEMBER_ID' }),
    ]
    let synced = 0
    const { membership, said } = openGroup({
      join: () => (answers.shift() ?? (async () => joined()))(),
      sync: async () => (synced++ === 0 ? 'REBALANCE_IN_PROGRESS' : undefined),
    })
    await membership.joined
    expect(said).toHaveLength(5)
  })

  it.each(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION'])(
    'gives everything up when a commit is refused with %s',
    async (refusal) => {
      const { membership, script, lost } = openGroup()
      await membership.joined
      script.commit = refusal
      await expect(membership.commit([{ ...place(0), offset: 5 }])).rejects.toThrow(refusal)
      expect(lost).toHaveLength(1)
    },
  )

  it('answers which commits were taken', async () => {
    const { membership, script, lost } = openGroup()
    await membership.joined
    const commits = [{ ...place(0), offset: 5 }]
    expect(await membership.commit(commits)).toEqual(new Set(commits))
    script.commit = 'REBALANCE_IN_PROGRESS'
    await expect(membership.commit(commits)).rejects.toThrow(script.commit)
    expect(lost).toEqual([])
  })

  it('says once that commits are refused for good, and nothing of refusals that pass', async () => {
    const { membership, script, warnings, lost } = openGroup()
    await membership.joined
    const commits = [{ ...place(0), offset: 5 }]
    const refused = async (refusal: string) => {
      script.commit = refusal
      await expect(membership.commit(commits)).rejects.toThrow(refusal)
    }
    await refused('REBALANCE_IN_PROGRESS')
    expect(warnings).toEqual([])
    await refused('TOPIC_AUTHORIZATION_FAILED')
    await refused('TOPIC_AUTHORIZATION_FAILED')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('TOPIC_AUTHORIZATION_FAILED')
    script.commit = undefined
    await membership.commit(commits)
    await refused('TOPIC_AUTHORIZATION_FAILED')
    expect(warnings).toHaveLength(2)
    expect(lost).toEqual([])
  })

  it('asks for nothing new once it is on its way out, and leaves', async () => {
    const { membership, said, left } = openGroup()
    await membership.joined
    membership.retire()
    membership.rejoin()
    await eventually('the round', () => said.length === 2)
    expect(said[1]).toMatchObject({ leaving: true, owned: [place(0), place(1)] })
    await membership.leave()
    expect([left, membership.alive()]).toEqual([['m1'], false])
  })

  it('tries again to leave: the others would wait for the end of its session', async () => {
    const { membership, script, left } = openGroup()
    await membership.joined
    script.leave = () => {
      script.leave = async () => {}
      return Promise.reject(new Error('NOT_COORDINATOR_FOR_GROUP'))
    }
    const start = performance.now()
    await membership.leave()
    expect(left).toEqual(['m1', 'm1'])
    // The next coordinator needs a moment until it is one.
    expect(performance.now() - start).toBeGreaterThan(150)
  })

  it('leaves no ghost behind when it leaves while it joins', async () => {
    const answered = gate()
    const { membership, left } = openGroup({
      join: async () => {
        await answered.opened
        return joined()
      },
    })
    await settled()
    const leaving = membership.leave()
    answered.open()
    await leaving
    expect(left).toEqual(['m1'])
  })
})
