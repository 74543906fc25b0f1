import { afterEach, describe, expect, it } from '@jest/globals'
import { kafkaBus } from './kafka-bus.ts'
import { kafkaSettings, silentLog } from './kafka.fixture.ts'
import { type FakeBroker, startBroker } from './wire/broker.fixture.ts'

const started: FakeBroker[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((broker) => broker.stop()))
})

describe('opening the Kafka bus', () => {
  it('fails at once where the login is refused, and knocks only once', async () => {
    const brokers = [await startBroker(), await startBroker()]
    started.push(...brokers)
    const settings = kafkaSettings({
      bootstrapServers: brokers.map(({ address }) => address).join(','),
      sasl: { mechanism: 'plain', username: 'mesh', password: 'wrong' },
      requestTimeoutMs: 60_000,
    })
    await expect(kafkaBus({ settings, retentionDays: 1, log: silentLog() })).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: expect.stringMatching(/did not let the mesh in: the brokers refuse the login \(/),
      action: expect.stringContaining('bus.kafka.sasl'),
      lasting: true,
    })
    expect(brokers.reduce((sum, { connections }) => sum + connections(), 0)).toBe(1)
  })

  it('tells zero rows of a group on topics that do not exist', async () => {
    const broker = await startBroker()
    started.push(broker)
    const settings = kafkaSettings({ bootstrapServers: broker.address, requestTimeoutMs: 5_000 })
    const bus = await kafkaBus({ settings, retentionDays: 1, log: silentLog() })
    expect(await bus.lag('group', ['typo.v1'])).toEqual([])
    await bus.close()
  })

  it('tells what a refused topic means, to whoever audits and to whoever subscribes', async () => {
    const broker = await startBroker({ refusal: 29 })
    started.push(broker)
    const settings = kafkaSettings({ bootstrapServers: broker.address, requestTimeoutMs: 5_000 })
    const bus = await kafkaBus({ settings, retentionDays: 1, log: silentLog() })
    const refused = {
      code: 'MESH_BUS_UNAVAILABLE',
      message:
        'Kafka tells nothing of the topic parcel.v1: this user may not read the topic; grant it Read and Describe (TOPIC_AUTHORIZATION_FAILED).',
      action: expect.stringContaining('Describe'),
      lasting: true,
    }
    await expect(bus.lag('group', ['parcel.v1'])).rejects.toMatchObject(refused)
    await expect(bus.read({ topic: 'parcel.v1', partition: 0 }, 0, 1)).rejects.toMatchObject(refused)
    await expect(
      bus.subscribe({ group: 'g', topics: ['parcel.v1'], concurrency: 1, handle: async () => {} }),
    ).rejects.toMatchObject(refused)
    await bus.close()
  })
})
