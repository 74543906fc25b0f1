import type { KafkaClient } from '../client.ts'
import type { TopicPartition } from '../../bus.ts'
import { errorName } from '../wire/internals.ts'
import type { Nodes, TopicState } from '../wire/nodes.ts'

/** What a topic was when the brokers were last asked. */
type Known = {
  readonly partitions: number
  /** By partition: the node that takes its records; -1: none. */
  readonly leaders: readonly number[]
  /** Why the brokers say nothing about it any more. */
  readonly fault: string | undefined
}

/** The topics that this process works with, as the brokers last told. Names are ours, without the prefix. */
export type KnownTopics = {
  /** Partitions of a topic; undefined: nobody has asked yet, or it does not exist. */
  partitionsOf(topic: string): number | undefined
  /** Node that takes a partition's records; undefined: none, or not known. */
  leaderOf(place: TopicPartition): number | undefined
  /** Why nothing can be written to a topic, in Kafka's word; undefined: nothing is known against it. */
  faultOf(topic: string): string | undefined
  /** Asks about these topics, and about all known ones from now on. */
  follow(topics: readonly string[]): Promise<void>
  /** Asks again about all. Callers at the same time share one request. */
  refresh(): Promise<void>
}

/** Asked about when nothing is followed, since an empty list means all topics of the cluster. */
const SOME_TOPIC = '__consumer_offsets'

const MISSING = 'UNKNOWN_TOPIC_OR_PARTITION'

/** Starts knowing nothing. */
export const createKnownTopics = (client: KafkaClient, nodes: Nodes): KnownTopics => {
  const known = new Map<string, Known>()
  const followed = new Set<string>()
  let asking: Promise<void> | undefined

  const learn = ({ name, errorCode, partitions }: TopicState) => {
    const topic = client.plain(name)
    if (!followed.has(topic)) return
    const before = known.get(topic)
    if (errorCode !== 0) {
      if (errorName(errorCode) === MISSING && before === undefined) followed.delete(topic)
      else known.set(topic, { partitions: before?.partitions ?? 0, leaders: [], fault: errorName(errorCode) })
      return
    }
    const leaders = partitions.map(({ leader }) => leader)
    known.set(topic, { partitions: partitions.length, leaders, fault: undefined })
  }

  const ask = async () => {
    const names = followed.size === 0 ? [SOME_TOPIC] : [...followed].map(client.name)
    for (const topic of await nodes.metadata(names)) learn(topic)
  }

  const refresh = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  return {
    partitionsOf: (topic) => known.get(topic)?.partitions || undefined,
    leaderOf: ({ topic, partition }) => {
      const leader = known.get(topic)?.leaders[partition]
      return leader === undefined || leader < 0 ? undefined : leader
    },
    faultOf: (topic) => known.get(topic)?.fault,
    follow: async (topics) => {
      for (const topic of topics) followed.add(topic)
      // A request that is under way does not ask for the new ones.
      await asking?.catch(() => {})
      await refresh()
    },
    refresh,
  }
}
