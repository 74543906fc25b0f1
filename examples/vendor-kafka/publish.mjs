// A vendor with a Kafka client publishes an event to the mesh's topic.
//
//   KAFKA=broker-1:9092,broker-2:9092 node publish.mjs order.json
//
// Ends with 0 once the record is on every in-sync replica. Whether it keeps the contract is for the readers to say: what breaks
// it becomes a dead letter there, so it is checked here before it is sent.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { EventFormatError, orderSubmitted, toBinary, validateData } from '@commerce-mesh/contracts'
import { Kafka } from 'kafkajs'

/** Stands under `producers` in mesh.yaml. */
const SOURCE = '/example-shop'

/** The record of an order. Its event's id is the same for each attempt, so that it counts once. @throws EventFormatError */
export const recordOf = (order) => {
  const data = validateData(orderSubmitted, order)
  const key = orderSubmitted.key(data)
  const event = {
    id: `order-${data.orderNumber}`,
    source: SOURCE,
    type: orderSubmitted.type,
    time: data.placedAt,
    datacontenttype: 'application/json',
    extensions: { partitionkey: key },
    data,
  }
  return { key, ...toBinary(event) }
}

/** The topic has the name of the type, behind the operator's `bus.kafka.topicPrefix` if there is one. */
export const topicWith = (prefix = '') => `${prefix}${orderSubmitted.type}`

/** Resolves when every in-sync replica has the records. */
export const publish = async (producer, topic, records) => {
  await producer.send({ topic, acks: -1, messages: records })
}

const main = async ([file], env) => {
  if (file === undefined || env.KAFKA === undefined) {
    console.error('Usage: KAFKA=host:9092 [TOPIC_PREFIX=…] node publish.mjs order.json')
    return 2
  }
  try {
    const record = recordOf(JSON.parse(await readFile(file, 'utf8')))
    const kafka = new Kafka({ clientId: 'example-shop', brokers: env.KAFKA.split(',') })
    // Idempotent: what kafkajs sends again after a lost answer stands once on the topic.
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    })
    await producer.connect()
    try {
      await publish(producer, topicWith(env.TOPIC_PREFIX), [record])
    } finally {
      await producer.disconnect()
    }
    console.log(`${orderSubmitted.type} ${record.key} is on ${topicWith(env.TOPIC_PREFIX)}`)
    return 0
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error
    for (const { path, message } of error.findings) console.error(`${path} ${message}`)
    return 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2), process.env)
