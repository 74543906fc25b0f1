import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '@commerce-mesh/testing'
import type { Kafka, Producer } from 'kafkajs'
import { describeRecipe } from '../recipe/describe-recipe.fixture.ts'
import { findJava } from '../recipe/tools.ts'
import { identify } from '../process/identity.ts'
import { answerIn, client, makeTopic, read, write } from './kafka-client.fixture.ts'
import { startKafka } from './start-kafka.ts'
import type { RunningKafka } from './start-kafka.ts'

const withClient = async <T>(
  servers: string,
  work: (kafka: Kafka, producer: Producer) => Promise<T>,
): Promise<T> => {
  const kafka = client(servers)
  const producer = kafka.producer()
  await producer.connect()
  try {
    return await work(kafka, producer)
  } finally {
    await producer.disconnect()
  }
}

const withTopic = async (kafka: Kafka, topic: string) => {
  const admin = kafka.admin()
  await admin.connect()
  await makeTopic(admin, topic)
  await admin.disconnect()
}

await describeRecipe('kafka', findJava, 'a broker of our own', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-kafka-'))
  let kafka: RunningKafka

  beforeAll(async () => void (kafka = await startKafka({ directory })))
  afterAll(async () => {
    await kafka?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it('still has what it acknowledged when it was killed and started again on the same folder', async () => {
    const [broker] = kafka.brokers
    await withClient(kafka.bootstrapServers, async (client, producer) => {
      await withTopic(client, 'kept')
      await write(producer, 'kept', 'before')
    })
    const { pid } = broker ?? { pid: 0 }
    await broker?.kill()
    expect(identify(pid)).toBeUndefined()
    await broker?.start()
    expect(broker?.pid).not.toBe(pid)
    await withClient(kafka.bootstrapServers, async (_client, producer) => {
      await write(producer, 'kept', 'after')
      expect(await read(kafka.bootstrapServers, 'kept', 2)).toEqual(['before', 'after'])
    })
  })

  it('can be stopped and started again too', async () => {
    const [broker] = kafka.brokers
    await broker?.stop()
    await broker?.start()
    expect(await read(kafka.bootstrapServers, 'kept', 2)).toEqual(['before', 'after'])
  })
})

await describeRecipe('kafka', findJava, 'three brokers of our own', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-kafka-'))
  let kafka: RunningKafka

  beforeAll(async () => void (kafka = await startKafka({ directory, brokers: 3 })))
  afterAll(async () => {
    await kafka?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it('take writes while one is down, refuse them while two are, and lose nothing', async () => {
    const [, second, third] = kafka.brokers
    const written: string[] = []
    await withClient(kafka.bootstrapServers, async (client) => withTopic(client, 'copied'))
    const writes = (value: string) =>
      eventually(
        () =>
          withClient(kafka.bootstrapServers, async (_client, producer) => {
            await write(producer, 'copied', value)
            written.push(value)
            return true
          }),
        { what: `${value} is written`, timeoutMs: 60_000 },
      )
    await writes('all three')
    await third?.kill()
    await writes('without the third')
    await second?.kill()
    const alone = () =>
      withClient(`127.0.0.1:${kafka.brokers[0]?.port}`, (_client, producer) =>
        write(producer, 'copied', 'alone'),
      )
    await eventually(
      () =>
        alone().then(
          () => written.push('alone') < 0,
          (thrown: unknown) => answerIn(thrown) === 'NOT_ENOUGH_REPLICAS',
        ),
      { what: 'a write is refused for want of replicas', timeoutMs: 60_000 },
    )
    await Promise.all([second?.start(), third?.start()])
    await writes('all three again')
    const values = await read(kafka.bootstrapServers, 'copied', written.length)
    expect(values).toEqual(expect.arrayContaining(written))
  })
})
