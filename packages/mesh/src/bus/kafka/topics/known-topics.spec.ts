import { describe, expect, it } from '@jest/globals'
import { gate } from '../../../flow/eventually.fixture.ts'
import { kafkaClient } from '../client.ts'
import { kafkaSettings, silentLog } from '../kafka.fixture.ts'
import type { Nodes, TopicState } from '../wire/nodes.ts'
import { createKnownTopics } from './known-topics.ts'

const UNKNOWN_TOPIC = 3

const state = (name: string, leaders: readonly number[], errorCode = 0): TopicState => ({
  name,
  errorCode,
  partitions: leaders.map((leader, partition) => ({ partition, leader, replicas: [1], isr: [1] })),
})

const setUp = () => {
  const cluster = new Map<string, TopicState>()
  const asked: (readonly string[])[] = []
  const held = { until: Promise.resolve() }
  const nodes = {
    metadata: async (names: readonly string[]) => {
      asked.push(names)
      await held.until
      return names.map((name) => cluster.get(name) ?? state(name, [], UNKNOWN_TOPIC))
    },
  } as unknown as Nodes
  const client = kafkaClient(kafkaSettings({ topicPrefix: 'mesh.' }), silentLog())
  return { cluster, asked, held, topics: createKnownTopics(client, nodes) }
}

describe('the known topics', () => {
  it('tell partitions and leaders under our names', async () => {
    const { cluster, topics, asked } = setUp()
    cluster.set('mesh.parcel.v1', state('mesh.parcel.v1', [1, 2, -1]))
    await topics.follow(['parcel.v1'])
    expect(asked).toEqual([['mesh.parcel.v1']])
    expect(topics.partitionsOf('parcel.v1')).toBe(3)
    const leaders = [0, 1, 2, 3].map((partition) => topics.leaderOf({ topic: 'parcel.v1', partition }))
    expect(leaders).toEqual([1, 2, undefined, undefined])
    expect(topics.faultOf('parcel.v1')).toBeUndefined()
  })

  it('do not know what does not exist, and do not ask for it for ever', async () => {
    const { topics, asked } = setUp()
    await topics.follow(['typo.v1'])
    expect(topics.partitionsOf('typo.v1')).toBeUndefined()
    await topics.refresh()
    expect(asked.at(-1)).toEqual(['__consumer_offsets'])
  })

  it('keep the partitions of a topic that is gone, so that its records fail by name and not by surprise', async () => {
    const { cluster, topics } = setUp()
    cluster.set('mesh.parcel.v1', state('mesh.parcel.v1', [1]))
    await topics.follow(['parcel.v1'])
    cluster.clear()
    await topics.refresh()
    expect(topics.partitionsOf('parcel.v1')).toBe(1)
    expect(topics.leaderOf({ topic: 'parcel.v1', partition: 0 })).toBeUndefined()
    expect(topics.faultOf('parcel.v1')).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('learn of added partitions and moved leaders', async () => {
    const { cluster, topics } = setUp()
    cluster.set('mesh.parcel.v1', state('mesh.parcel.v1', [1]))
    await topics.follow(['parcel.v1'])
    cluster.set('mesh.parcel.v1', state('mesh.parcel.v1', [2, 1]))
    await topics.refresh()
    expect(topics.partitionsOf('parcel.v1')).toBe(2)
    expect(topics.leaderOf({ topic: 'parcel.v1', partition: 0 })).toBe(2)
  })

  it('share one request among those who ask at once, but ask anew for new topics', async () => {
    const { cluster, topics, asked, held } = setUp()
    cluster.set('mesh.a.v1', state('mesh.a.v1', [1])).set('mesh.b.v1', state('mesh.b.v1', [1]))
    await topics.follow(['a.v1'])
    const slow = gate()
    held.until = slow.opened
    const refreshes = [topics.refresh(), topics.refresh(), topics.follow(['b.v1'])]
    slow.open()
    await Promise.all(refreshes)
    expect(asked).toEqual([['mesh.a.v1'], ['mesh.a.v1'], ['mesh.a.v1', 'mesh.b.v1']])
    expect(topics.partitionsOf('b.v1')).toBe(1)
  })
})
