import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { eventually } from '../../../flow/eventually.fixture.ts'
import { pause } from '../../../flow/pause.ts'
import { type Committed, Refused } from './coordinator.ts'
import { type OwnedPartition, createOwnedPartition } from './owned-partition.ts'
import { findPositions } from './positions.ts'

const TOPIC = 'parcel.ordered.v1'

const own = (partition: number) =>
  createOwnedPartition(
    { topic: TOPIC, partition },
    {
      dispatcher: createKeyDispatcher(
        () => 1,
        () => {},
      ),
      handle: async () => {},
      window: 1,
      mayStart: () => true,
      onFinish: () => {},
    },
  )

const brokers = (answers: (() => Promise<readonly (number | string | undefined)[]>)[]) => {
  let found = 0
  const noted: string[] = []
  return {
    found: () => found,
    noted,
    standstills: {
      note: ({ place }: OwnedPartition, why: string) => {
        noted.push(`${place.partition}: ${why}`)
        return 0
      },
    },
    group: {
      committed: async (places: readonly { topic: string; partition: number }[]): Promise<Committed[]> => {
        const offsets = await (answers.shift() ?? (async () => []))()
        return places.flatMap((place): Committed[] => {
          if (!(place.partition in offsets)) return []
          const said = offsets[place.partition]
          return typeof said === 'string'
            ? [{ ...place, offset: undefined, refusal: said }]
            : [{ ...place, offset: said, refusal: undefined }]
        })
      },
    },
    log: { earliest: async (_node: number, { partition }: { partition: number }) => 100 + partition },
    leaderOf: (): number | undefined => 1,
    refresh: async () => {},
    onFound: () => void found++,
    logger: pino({ level: 'silent' }),
  }
}

describe('finding positions', () => {
  it('goes on where the group has committed, and begins at the start of the log where it has not', async () => {
    const partitions = [own(0), own(1)]
    const parts = brokers([async () => [42, undefined]])
    await findPositions(partitions, parts)
    expect(partitions.map((partition) => partition.position())).toEqual([42, 101])
    expect(parts.found()).toBeGreaterThan(0)
  })

  it('guesses nothing: it asks until it knows', async () => {
    const partitions = [own(0)]
    const refuse = () => Promise.reject(new Error('GROUP_LOAD_IN_PROGRESS'))
    await findPositions(partitions, brokers([refuse, refuse, async () => [0]]))
    expect(partitions[0]?.position()).toBe(0)
  })

  it('lets a partition without a leader hold up no other', async () => {
    const partitions = [own(0), own(1)]
    const parts = brokers([
      async () => [undefined, 5],
      ...Array.from({ length: 99 }, () => async () => [undefined]),
    ])
    let leader: number | undefined
    const finding = findPositions(partitions, { ...parts, leaderOf: () => leader })
    await eventually('the other', () => partitions[1]?.position() === 5)
    expect(partitions[0]?.position()).toBeUndefined()
    leader = 1
    await finding
    expect(partitions[0]?.position()).toBe(100)
    expect(parts.noted[0]).toBe('0: LEADER_NOT_AVAILABLE')
  })

  it('lets a partition that the group tells nothing of hold up no other, and begins it nowhere', async () => {
    const partitions = [own(0), own(1)]
    const { found, ...parts } = brokers([
      async () => ['TOPIC_AUTHORIZATION_FAILED', 5],
      async () => [],
      async () => Promise.reject(new Refused('tell its offsets', 'GROUP_LOAD_IN_PROGRESS')),
      async () => [7],
    ])
    const finding = findPositions(partitions, parts)
    await eventually('the other', () => partitions[1]?.position() === 5)
    expect(found()).toBeGreaterThan(0)
    expect(partitions[0]?.position()).toBeUndefined()
    await finding
    expect(partitions[0]?.position()).toBe(7)
    expect(parts.noted).toEqual([
      '0: TOPIC_AUTHORIZATION_FAILED',
      '0: an empty answer',
      '0: GROUP_LOAD_IN_PROGRESS',
    ])
  })

  it('asks less often while it has to', async () => {
    const partitions = [own(0)]
    let asked = 0
    const parts = brokers(
      Array.from({ length: 99 }, () => async () => {
        asked++
        return ['TOPIC_AUTHORIZATION_FAILED']
      }),
    )
    const finding = findPositions(partitions, { ...parts, standstills: { note: () => 60_000 } })
    await pause(400)
    partitions[0]?.abort()
    await finding
    expect(asked).toBe(1)
  })

  it('stops asking for what is owned no more', async () => {
    const partitions = [own(0)]
    const refuse = () => Promise.reject(new Error('no answer'))
    const finding = findPositions(partitions, brokers(Array.from({ length: 100 }, () => refuse)))
    partitions[0]?.abort()
    await finding
    expect(partitions[0]?.position()).toBeUndefined()
  })
})
