import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { KafkaBus } from '@commerce-mesh/mesh'
import kafkajs from 'kafkajs'
import { describeEngine } from '../engines/index.ts'
import { labelled, openBus, settingsFor, written } from './bus.fixture.ts'
import { API, type KafkaProxy, openKafkaProxy } from './kafka-proxy.fixture.ts'

// Loss mode 1 (docs/adr/0011): the broker writes, its answer is lost, and the next record must be written all the same.

const TOPIC = 'parcel.v1'

describeEngine('kafka', 'When the answer to a write is lost', (broker) => {
  let proxy: KafkaProxy
  /** Looks into the log beside the proxy. */
  let witness: KafkaBus
  let settings: ReturnType<typeof settingsFor>

  beforeEach(async () => {
    proxy = await openKafkaProxy(broker)
    settings = settingsFor(proxy.address, { requestTimeoutMs: 1_000 })
    witness = await openBus({ ...settings, bootstrapServers: broker })
    await witness.declare([{ name: TOPIC, partitions: 1 }])
  })

  afterEach(async () => {
    await witness.close()
    await proxy.close()
  })

  const loseProduceAnswers = () => {
    proxy.onAnswer = (api) => (api === API.produce ? 'lose' : 'pass')
  }

  describe('the Kafka bus', () => {
    let bus: KafkaBus

    beforeEach(async () => {
      bus = await openBus(settings)
    })

    afterEach(() => bus.close())

    it('writes the record again, and says that it is durable', async () => {
      let lost = 0
      proxy.onAnswer = (api) => (api === API.produce && lost++ === 0 ? 'lose' : 'pass')
      await bus.publish([labelled(TOPIC, 'a')])
      await bus.publish([labelled(TOPIC, 'b')])
      expect(await written(witness, TOPIC)).toEqual(['a', 'a', 'b'])
    })

    it('writes the next record, also after it had to give up the one before', async () => {
      await bus.publish([labelled(TOPIC, 'a')])
      loseProduceAnswers()
      await expect(bus.publish([labelled(TOPIC, 'b')])).rejects.toMatchObject({
        code: 'MESH_BUS_UNAVAILABLE',
      })
      proxy.onAnswer = () => 'pass'
      await bus.publish([labelled(TOPIC, 'c')])
      expect((await written(witness, TOPIC)).at(-1)).toBe('c')
    })
  })

  it('control: an idempotent producer of kafkajs confirms the next record without writing it', async () => {
    const kafka = new kafkajs.Kafka({ brokers: [proxy.address], logLevel: kafkajs.logLevel.NOTHING })
    const retry = { retries: 1, initialRetryTime: 10, maxRetryTime: 10 }
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    const send = (label: string) =>
      producer.send({
        topic: `${settings.topicPrefix}${TOPIC}`,
        acks: -1,
        messages: [{ key: 'key', value: label }],
      })
    await send('a')
    loseProduceAnswers()
    await expect(send('b')).rejects.toThrow()
    proxy.onAnswer = () => 'pass'
    expect(await send('c')).toMatchObject([{ errorCode: 0 }])
    await producer.disconnect()
    expect(await written(witness, TOPIC)).toEqual(['a', 'b'])
  })
})
