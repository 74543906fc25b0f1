import { describe, expect, it } from '@jest/globals'
import { persist } from '../deadline.ts'
import { kafkaClient } from '../client.ts'
import { kafkaSettings, silentLog } from '../kafka.fixture.ts'
import type { Api } from '../wire/internals.ts'
import { afresh } from './afresh.ts'
import { lagOf, readLag } from './lag.ts'

const PLACE = { topic: 'parcel.v1', partition: 0 }

describe('lagOf', () => {
  it.each([
    ['a group that has committed', 5, 7, 7],
    ['a group without a commit begins at the start', 5, -1, 5],
    ['a group that the brokers say nothing about, too', 5, undefined, 5],
    ['a group whose records retention has deleted stands at the start', 5, 2, 5],
  ])('%s', (_, start, committed, expected) => {
    expect(lagOf(PLACE, start, committed, 9)).toEqual({ ...PLACE, start, committed: expected, end: 9 })
  })
})

type Asked = { readonly topics: readonly { topic: string; partitions: { partition: number }[] }[] }

/** A cluster with one topic of two partitions; the second has no leader until the topics were asked for so often. */
const cluster = ({ leaderAfter = 0, leavesOut = -1, fault = undefined as string | undefined } = {}) => {
  let refreshed = 0
  const topics = {
    partitionsOf: () => (fault === undefined ? 2 : undefined),
    leaderOf: ({ partition }: { partition: number }) =>
      partition === 1 && refreshed < leaderAfter ? undefined : 1,
    faultOf: () => fault,
    follow: async () => {},
    refresh: async () => {
      refreshed++
      if (refreshed === 1) throw new Error('no answer')
    },
  }
  const nodes = {
    metadata: async () => [],
    sendAny: async () => ({ errorCode: 0, coordinator: { nodeId: 1 } }),
    send: async (_node: number, api: Api, asked: object) => ({
      responses: (asked as Asked).topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions
          .filter(({ partition }) => partition !== leavesOut)
          .map(({ partition }) => ({ partition, errorCode: 0, offset: api === 'OffsetFetch' ? '4' : '9' })),
      })),
    }),
    close: () => {},
  }
  const parts = { client: kafkaClient(kafkaSettings(), silentLog()), nodes, topics }
  return { read: afresh(topics, () => readLag(parts, 'g', ['parcel.v1'])), refreshed: () => refreshed }
}

describe('readLag', () => {
  it('asks again who leads what before each further try, also where that was in vain', async () => {
    const { read, refreshed } = cluster({ leaderAfter: 2 })
    expect(await persist(read, { deadlineMs: 5_000 })).toHaveLength(2)
    expect(refreshed()).toBe(2)
  })

  it('tells nothing rather than a part', async () => {
    await expect(cluster({ leaderAfter: 9 }).read()).rejects.toThrow('parcel.v1/1 has no leader')
    await expect(cluster({ leavesOut: 0 }).read()).rejects.toThrow('parcel.v1/0: left out')
    await expect(cluster({ fault: 'LEADER_NOT_AVAILABLE' }).read()).rejects.toThrow(
      'Kafka tells nothing of the topic parcel.v1: the partition has no leader',
    )
  })
})
