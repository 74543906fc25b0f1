import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { Refused, createCoordinator } from '../consume/coordinator.ts'
import { type END, type START, createLogRequests } from '../consume/log-requests.ts'
import type { KnownTopics } from '../topics/known-topics.ts'
import { topicError } from '../topics/topic-error.ts'
import type { Nodes } from '../wire/nodes.ts'

/** What looking needs. */
export type ReadParts = { readonly client: KafkaClient; readonly nodes: Nodes; readonly topics: KnownTopics }

/** Node that leads a partition. @throws Error where none does, or the topic is refused. */
export const leaderOf = ({ topics, client }: ReadParts, place: TopicPartition): number => {
  const node = topics.leaderOf(place)
  if (node !== undefined) return node
  const fault = topics.faultOf(place.topic)
  if (fault !== undefined) throw topicError(client.name(place.topic), fault)
  throw new Error(`${place.topic}/${place.partition} has no leader`)
}

/**
 * Offsets at the start or the end of partitions, by `topic/partition`. One request per broker.
 *
 * @throws Error where any of them is not told.
 */
export const edgeOffsets = async (
  parts: ReadParts,
  places: readonly TopicPartition[],
  edge: typeof START | typeof END,
): Promise<ReadonlyMap<string, number>> => {
  const { edges } = createLogRequests(parts.client, parts.nodes)
  const byNode = Map.groupBy(places, (place) => leaderOf(parts, place))
  const found = await Promise.all([...byNode].map(([node, ofThis]) => edges(node, ofThis, edge)))
  return new Map(found.flatMap((ofNode) => [...ofNode]))
}

/**
 * Offsets that a group has committed, by `topic/partition`; undefined: none.
 *
 * @throws Error where any of them is not told.
 */
export const committedOffsets = async (
  { client, nodes }: ReadParts,
  group: string,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number | undefined>> => {
  // The topics were asked for, so the nodes' addresses are known.
  const coordinator = createCoordinator(client, nodes, group, async () => {})
  const found = await coordinator.committed(places)
  return new Map(
    found.map(({ topic, partition, offset, refusal }) => {
      if (refusal !== undefined) throw new Refused(`tell its offset of ${topic}/${partition}`, refusal)
      return [`${topic}/${partition}`, offset]
    }),
  )
}
