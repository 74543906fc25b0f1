import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { eventually } from '../../../flow/eventually.fixture.ts'
import type { Committed } from './group-requests.ts'
import { createOwnedPartition } from './owned-partition.ts'
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

const brokers = (answers: (() => Promise<readonly (number | undefined)[]>)[]) => {
  let found = 0
  return {
    found: () => found,
    group: {
      committed: async (places: readonly { topic: string; partition: number }[]): Promise<Committed[]> => {
        const offsets = await (answers.shift() ?? (async () => []))()
        return places.map((place) => ({ ...place, offset: offsets[place.partition] }))
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
    const parts = brokers([async () => [undefined, 5], async () => [undefined]])
    let leader: number | undefined
    const finding = findPositions(partitions, { ...parts, leaderOf: () => leader })
    await eventually('the other', () => partitions[1]?.position() === 5)
    expect(partitions[0]?.position()).toBeUndefined()
    leader = 1
    await finding
    expect(partitions[0]?.position()).toBe(100)
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
