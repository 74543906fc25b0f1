import { expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { describeEngine } from '../engines/index.ts'
import { labelled, settingsFor } from './bus.fixture.ts'
import { follow, openMember } from './consumer.fixture.ts'

// Brokers pack records anew when their topic, or the broker itself, asks for another compression than they came in.

describeEngine('kafka', 'Records that the brokers keep compressed', (broker) => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'with %s are consumed and read as they were',
    async (compression) => {
      const settings = settingsFor(broker, { createTopics: false })
      const topic = `parcel.${compression}.v1`
      const bus = await openMember(settings)
      const admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).admin()
      await admin.connect()
      await admin.createTopics({
        waitForLeaders: false,
        topics: [
          {
            topic: settings.topicPrefix + topic,
            numPartitions: 1,
            replicationFactor: 1,
            configEntries: [{ name: 'compression.type', value: compression }],
          },
        ],
      })
      await admin.disconnect()

      // Repetition, near and far, and bytes without any.
      const noise = Array.from({ length: 3_000 }, (_, at) =>
        String.fromCharCode(33 + ((at * at * 31) % 90)),
      ).join('')
      const values = [
        'a',
        'ab'.repeat(20_000),
        noise,
        noise + noise,
        ...Array.from({ length: 500 }, (_, at) => `${at}`),
      ]
      for (const part of [values.slice(0, 200), values.slice(200)])
        await bus.publish(part.map((value, at) => labelled(topic, value, `key-${at}`)))
      const member = await follow(bus, { group: 'parcels', topics: [topic] })
      await member.handled(values)
      expect(member.handlings.map(({ label }) => label).toSorted()).toEqual(values.toSorted())
      const read = await bus.read({ topic, partition: 0 }, 0, 1_000)
      expect(read.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(values)
      await bus.close()
    },
  )
})
