import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { orderPlaced, orderSubmitted } from '@commerce-mesh/contracts'
import { Kafka, type Message, logLevel } from 'kafkajs'
import { chainLinked } from '../chains/contracts.ts'
import { CHAOS_SOURCE } from '../history/read.ts'
import type { Scenario } from './scenario.ts'

/** Topics that get records nobody can read, with the number of services that read each. */
const TARGETS = [
  { topic: orderSubmitted.type, readers: 2 },
  { topic: orderPlaced.type, readers: 2 },
  { topic: chainLinked.type, readers: 1 },
] as const

const ROUNDS = 6

const cloudEvent = (type: string, key: string, value: string): Message => ({
  key,
  value,
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: `poison-${randomBytes(6).toString('hex')}`,
    ce_source: CHAOS_SOURCE,
    ce_type: type,
    ce_subject: key,
  },
})

/** Bytes that are nothing; an event that breaks off; an event that breaks its contract; a record of nothing at all. */
const poisons = (type: string, key: string): Message[] => [
  { key, value: randomBytes(200) },
  cloudEvent(type, key, '{"orderNumber": "'),
  cloudEvent(type, key, JSON.stringify({ orderNumber: key, chain: key, surprise: true })),
  { key: null, value: null },
]

/** Records that can't be read, on the keys of orders that come in at the same time, put straight onto the topics. */
export const poison: Scenario = {
  name: 'poison',
  about: 'unreadable records on the topics, between good ones of the same keys',
  run: async ({ world, underLoad, expectUnreadable }) => {
    const kafka = new Kafka({
      clientId: 'chaos',
      brokers: world.engines.kafka.bootstrapServers.split(','),
      logLevel: logLevel.NOTHING,
    })
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    let put = 0
    try {
      await underLoad(async () => {
        for (let round = 1; round <= ROUNDS; round++) {
          for (const { topic, readers } of TARGETS) {
            const key =
              topic === chainLinked.type ? `${world.name}1-chain-${round}` : `${world.name}1-${round}`
            const messages = poisons(topic, key)
            await producer.send({ topic: `${world.name}.${topic}`, acks: -1, messages })
            put += messages.length
            expectUnreadable(messages.length * readers)
          }
          await delay(300)
        }
      })
    } finally {
      await producer.disconnect()
    }
    return { 'unreadable records': put }
  },
}
