import { describe, expect, it } from '@jest/globals'
import { createRequire } from 'node:module'
import { partitionOf } from '../../partition.ts'
import { fakeBrokers, parcel } from './brokers.fixture.ts'

// Loss mode 2 (docs/adr/0011): while a leader moves, one partition's records are written and the other's are not.

const NOT_LEADER = 6

/** Keys of two partitions of `parcel.v1`, led by node 1 and node 2 at first. */
const STAYING = 'key-0'
const MOVING = Array.from({ length: 50 }, (_, at) => `key-${at}`).find(
  (key) => partitionOf(key, 4) !== partitionOf(STAYING, 4),
) as string

describe('when a leader moves in the middle of a publish', () => {
  it('both records are written before it resolves', async () => {
    const brokers = fakeBrokers()
    let leader = 2
    brokers.leader = ({ partition }) => (partition === partitionOf(MOVING, 4) ? leader : 1)
    brokers.conduct = (shipments, node) => {
      if (node === 1) return undefined
      leader = 1
      return shipments.map(({ place }) => ({ ...place, errorCode: NOT_LEADER }))
    }
    await brokers.producer.publish([parcel('stays', STAYING), parcel('moves', MOVING)])
    expect([...brokers.log.values()].flat().toSorted()).toEqual(['moves', 'stays'])
    expect(brokers.requests).toEqual(['1: stays', '2: moves', '1: moves'])
  })

  it('control: the producer of kafkajs resolves with one of two partitions, the other unwritten', async () => {
    const load = createRequire(import.meta.url)
    const createSendMessages = load('kafkajs/src/producer/sendMessages') as (
      parts: object,
    ) => (batch: object) => Promise<object[]>
    const createRetry = load('kafkajs/src/retry') as (options: object) => unknown
    const written: number[] = []
    let leader = 2
    const brokerOf = (nodeId: number) => ({
      nodeId,
      produce: async ({
        topicData,
      }: {
        topicData: { topic: string; partitions: { partition: number }[] }[]
      }) => {
        const partitions = topicData.flatMap((topic) => topic.partitions.map(({ partition }) => partition))
        if (nodeId === 2) {
          leader = 1
          throw Object.assign(new Error('moved'), { type: 'NOT_LEADER_FOR_PARTITION', retriable: true })
        }
        written.push(...partitions)
        return {
          topics: [
            {
              topicName: 'parcel.v1',
              partitions: partitions.map((partition) => ({ partition, errorCode: 0 })),
            },
          ],
        }
      },
    })
    const nodes = new Map([1, 2].map((id) => [String(id), brokerOf(id)]))
    const send = createSendMessages({
      logger: { debug: () => {}, error: () => {} },
      partitioner: ({ message }: { message: { partition: number } }) => message.partition,
      retrier: createRetry({ retries: 5, initialRetryTime: 1, maxRetryTime: 1 }),
      eosManager: {
        acquireBrokerLock: async () => {},
        releaseBrokerLock: async () => {},
        isTransactional: () => false,
        getSequence: () => 0,
        updateSequence: () => {},
        getProducerId: () => -1,
        getProducerEpoch: () => 0,
      },
      cluster: {
        refreshMetadataIfNecessary: async () => {},
        refreshMetadata: async () => {},
        addMultipleTargetTopics: async () => {},
        isConnected: () => true,
        findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
        findLeaderForPartitions: (_: string, partitions: string[]) =>
          Object.fromEntries(
            [...Map.groupBy(partitions, (partition) => (partition === '1' ? leader : 1))].map(
              ([node, own]) => [node, own.map(Number)],
            ),
          ),
        findBroker: async ({ nodeId }: { nodeId: string }) => nodes.get(nodeId),
      },
    })
    const messages = [0, 1].map((partition) => ({ partition, key: null, value: 'x' }))
    const answer = await send({ acks: -1, topicMessages: [{ topic: 'parcel.v1', messages }] })
    expect(answer).toEqual([{ topicName: 'parcel.v1', partition: 0, errorCode: 0 }])
    expect(written).toEqual([0])
  })
})
