import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import type { Admin, Kafka, Producer } from 'kafkajs'
import { eventually } from '@commerce-mesh/testing'

const quiet = (bootstrapServers: string) => ({
  brokers: bootstrapServers.split(','),
  logLevel: kafkajs.logLevel.NOTHING,
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
})

/** A client that tries once, so that a test can say what it waits for. */
export const client = (bootstrapServers: string): Kafka =>
  new kafkajs.Kafka({ ...quiet(bootstrapServers), retry: { retries: 0 } })

/** What a broker answered, out of kafkajs's wrapping: `NOT_ENOUGH_REPLICAS`. */
export const answerIn = (thrown: unknown): string | undefined => {
  if (!Error.isError(thrown)) return undefined
  return 'type' in thrown ? String(thrown.type) : answerIn(thrown.cause)
}

/** Makes a topic of one partition and waits until it has a leader. */
export const makeTopic = async (admin: Admin, topic: string): Promise<void> => {
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
  await eventually(
    async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      const partition = topics[0]?.partitions[0]
      return (
        partition !== undefined && partition.leader >= 0 && partition.isr.length === partition.replicas.length
      )
    },
    { what: `${topic} has a leader and all its replicas`, timeoutMs: 30_000 },
  )
}

/** Writes one record so that every replica in sync has it. @throws what kafkajs throws */
export const write = async (producer: Producer, topic: string, value: string): Promise<void> => {
  await producer.send({ topic, acks: -1, timeout: 4_000, messages: [{ value }] })
}

/** Every value of a topic, from the beginning, once there are `count`. */
export const read = async (
  bootstrapServers: string,
  topic: string,
  count: number,
): Promise<readonly string[]> => {
  // A broker that has just started has no group coordinator yet; kafkajs takes that for the end.
  const retry = { retries: 100, initialRetryTime: 100, maxRetryTime: 500, restartOnFailure: async () => true }
  const kafka = new kafkajs.Kafka({ ...quiet(bootstrapServers), retry })
  const consumer = kafka.consumer({ groupId: `reader-${topic}-${randomUUID()}`, retry })
  const values: string[] = []
  await consumer.connect()
  try {
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ''),
    })
    await eventually(() => values.length >= count, {
      what: () => `${count} records, got ${values.length}`,
      timeoutMs: 60_000,
    })
    return values
  } finally {
    await consumer.disconnect()
  }
}
