import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import type { Nodes } from '../wire/nodes.ts'
import type { Message } from './lane.ts'

/** What a broker answered about one partition. */
export type Answer = TopicPartition & { readonly errorCode: number }

/** Records of one partition. */
export type Shipment = { readonly place: TopicPartition; readonly messages: readonly Message[] }

/** Sends one produce request to a node. An answer may be short; it may also never come. */
export type Send = (node: number, shipments: readonly Shipment[]) => Promise<readonly Answer[]>

type ProduceAnswer = {
  readonly topics: readonly {
    readonly topicName: string
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[]
  }[]
}

const NO_COMPRESSION = 0

/**
 * The produce request: all in-sync replicas confirm (promise 1), no producer id. An idempotent producer of kafkajs
 * forgets its sequence number after a lost answer, and the broker takes the next records for duplicates of those.
 *
 * @param timeoutMs - how long the leader waits for the replicas.
 */
export const createSend =
  (client: KafkaClient, nodes: Nodes, timeoutMs: number): Send =>
  async (node, shipments) => {
    const byTopic = Map.groupBy(shipments, ({ place }) => place.topic)
    const topicData = [...byTopic].map(([topic, ofTopic]) => ({
      topic: client.name(topic),
      partitions: ofTopic.map(({ place, messages }) => ({ partition: place.partition, messages })),
    }))
    const request = { acks: -1, timeout: timeoutMs, compression: NO_COMPRESSION, topicData }
    const { topics } = (await nodes.send(node, 'Produce', request)) as ProduceAnswer
    return topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, errorCode }) => ({
        topic: client.plain(topicName),
        partition,
        errorCode,
      })),
    )
  }
