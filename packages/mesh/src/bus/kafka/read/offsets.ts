import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import type { KnownTopics } from '../topics/known-topics.ts'
import { errorName } from '../wire/internals.ts'
import type { Nodes } from '../wire/nodes.ts'

/** What looking needs. */
export type ReadParts = { readonly client: KafkaClient; readonly nodes: Nodes; readonly topics: KnownTopics }

/** Only what transactions of others have committed counts, as for consumers. */
export const READ_COMMITTED = 1

/** Asks for the end of a partition, or its start, instead of a time. */
export const END = -1
export const START = -2

type OffsetsAnswer = {
  readonly responses: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly errorCode: number
      readonly offset: string
    }[]
  }[]
}

const failure = (what: string, errorCode: number): Error => new Error(`${what}: ${errorName(errorCode)}`)

/** Node that leads a partition. */
export const leaderOf = (topics: KnownTopics, place: TopicPartition): number => {
  const node = topics.leaderOf(place)
  if (node === undefined) throw new Error(`${place.topic}/${place.partition} has no leader`)
  return node
}

const ofNode = async (
  { client, nodes }: ReadParts,
  node: number,
  places: readonly TopicPartition[],
  timestamp: number,
): Promise<[string, number][]> => {
  const topics = [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic: client.name(topic),
    partitions: ofTopic.map(({ partition }) => ({ partition, timestamp })),
  }))
  const request = { replicaId: -1, isolationLevel: READ_COMMITTED, topics }
  const answer = (await nodes.send(node, 'ListOffsets', request)) as OffsetsAnswer
  return answer.responses.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, errorCode, offset }): [string, number] => {
      const name = `${client.plain(topic)}/${partition}`
      if (errorCode !== 0) throw failure(name, errorCode)
      return [name, Number(offset)]
    }),
  )
}

/** Offsets at the start or the end of partitions, by `topic/partition`. One request per broker. */
export const edgeOffsets = async (
  parts: ReadParts,
  places: readonly TopicPartition[],
  edge: typeof START | typeof END,
): Promise<ReadonlyMap<string, number>> => {
  const byNode = Map.groupBy(places, (place) => leaderOf(parts.topics, place))
  const found = await Promise.all([...byNode].map(([node, ofThis]) => ofNode(parts, node, ofThis, edge)))
  return new Map(found.flat())
}

type CoordinatorAnswer = { readonly errorCode: number; readonly coordinator: { readonly nodeId: number } }

type CommittedAnswer = OffsetsAnswer & { readonly errorCode?: number }

/** Offsets that a group has committed, by `topic/partition`; -1: none. */
export const committedOffsets = async (
  { client, nodes }: ReadParts,
  group: string,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> => {
  const groupId = client.name(group)
  const found = (await nodes.sendAny('GroupCoordinator', { groupId })) as CoordinatorAnswer
  if (found.errorCode !== 0) throw failure(`group ${groupId}`, found.errorCode)
  const topics = [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic: client.name(topic),
    partitions: ofTopic.map(({ partition }) => ({ partition })),
  }))
  const answer = (await nodes.send(found.coordinator.nodeId, 'OffsetFetch', {
    groupId,
    topics,
  })) as CommittedAnswer
  if (answer.errorCode) throw failure(`group ${groupId}`, answer.errorCode)
  return new Map(
    answer.responses.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, errorCode, offset }): [string, number] => {
        if (errorCode !== 0) throw failure(`group ${groupId}`, errorCode)
        return [`${client.plain(topic)}/${partition}`, Number(offset)]
      }),
    ),
  )
}
