import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { errorName } from '../wire/internals.ts'
import type { Nodes } from '../wire/nodes.ts'
import { teachCompression } from './compression/codecs.ts'
import { type ByTopic, type Coded, grouped } from './coordinator.ts'
import type { AbortedTransaction, FetchedMessage } from './record.ts'
import { placeName } from '../../partition.ts'

/** What is wanted of one partition. */
export type Wanted = TopicPartition & { readonly offset: number; readonly maxBytes: number }

/** What came of one partition. */
export type Fetched = TopicPartition & {
  /** Kafka's word for why nothing came; undefined: nothing is wrong. */
  readonly refusal: string | undefined
  readonly messages: readonly FetchedMessage[]
  readonly aborted: readonly AbortedTransaction[]
}

/** What a consumer asks the leaders of partitions. Each rejects when no answer came, or none that can be read. */
export type LogRequests = {
  /** Waits up to `waitMs` for the first record. */
  fetch(node: number, wanted: readonly Wanted[], waitMs: number): Promise<Fetched[]>
  /** First offset that is still in the log. @throws Error where the leader refuses. */
  earliest(node: number, place: TopicPartition): Promise<number>
  /** Offsets at one end of partitions, by `topic/partition`. @throws Error where the leader refuses or leaves out any. */
  edges(
    node: number,
    places: readonly TopicPartition[],
    edge: typeof START | typeof END,
  ): Promise<ReadonlyMap<string, number>>
}

/** Asks for the end of a partition, or its start, instead of a time. */
export const END = -1
export const START = -2

type FetchAnswer = {
  readonly responses: readonly {
    readonly topicName: string
    readonly partitions: readonly {
      readonly partition: number
      readonly errorCode: number
      readonly messages: readonly FetchedMessage[]
      readonly abortedTransactions?: readonly AbortedTransaction[] | null
    }[]
  }[]
}

type ListAnswer = {
  readonly responses: readonly ByTopic<Coded & { readonly partition: number; readonly offset: string }>[]
}

/** Most bytes of one answer: decoding it holds up everything else in the process. */
const ANSWER_BYTES = 1_048_576

/** Nothing of a transaction before it is committed. */
const READ_COMMITTED = 1

const refusalOf = (errorCode: number) => (errorCode === 0 ? undefined : errorName(errorCode))

/** Prepares requests to the leaders of partitions. */
export const createLogRequests = (client: KafkaClient, nodes: Nodes): LogRequests => {
  teachCompression()

  const edges: LogRequests['edges'] = async (node, places, timestamp) => {
    const answer = (await nodes.send(node, 'ListOffsets', {
      replicaId: -1,
      isolationLevel: READ_COMMITTED,
      topics: grouped(client, places, ({ partition }) => ({ partition, timestamp })),
    })) as ListAnswer
    const found = new Map(
      answer.responses.flatMap(({ topic, partitions }) =>
        partitions.map((one) => [placeName({ ...one, topic: client.plain(topic) }), one]),
      ),
    )
    return new Map(
      places.map((place) => {
        const one = found.get(placeName(place))
        const refusal = one === undefined ? 'left out of an answer' : refusalOf(one.errorCode)
        if (one === undefined || refusal !== undefined) throw new Error(`${placeName(place)}: ${refusal}`)
        return [placeName(place), Number(one.offset)]
      }),
    )
  }

  return {
    edges,
    fetch: async (node, wanted, waitMs) => {
      // The order is the broker's order, too: whoever is first gets a whole batch, however large it is.
      const topics = wanted.map(({ topic, partition, offset, maxBytes }) => ({
        topic: client.name(topic),
        partitions: [{ partition, fetchOffset: `${offset}`, maxBytes }],
      }))
      const request = {
        maxWaitTime: waitMs,
        heldBackMs: waitMs,
        minBytes: 1,
        maxBytes: ANSWER_BYTES,
        isolationLevel: READ_COMMITTED,
        topics,
      }
      const { responses } = (await nodes.send(node, 'Fetch', request)) as FetchAnswer
      return responses.flatMap(({ topicName, partitions }) =>
        partitions.map(({ partition, errorCode, messages, abortedTransactions }) => ({
          topic: client.plain(topicName),
          partition,
          refusal: refusalOf(errorCode),
          messages,
          aborted: abortedTransactions ?? [],
        })),
      )
    },
    earliest: async (node, place) => (await edges(node, [place], START)).get(placeName(place)) ?? 0,
  }
}
