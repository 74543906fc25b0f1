import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { KafkaBus } from '@commerce-mesh/mesh'
import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { describeEngine } from '../engines/index.ts'
import { labelled, labelsOf, openBus, settingsFor, written } from './bus.fixture.ts'

const TOPIC = 'parcel.v1'
const PLACE = { topic: TOPIC, partition: 0 }

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

describeEngine('kafka', 'Records of any kind', (broker) => {
  let bus: KafkaBus
  let kafka: Kafka
  let admin: Admin
  let topic: string

  beforeEach(async () => {
    const settings = settingsFor(broker)
    topic = `${settings.topicPrefix}${TOPIC}`
    bus = await openBus(settings)
    await bus.declare([{ name: TOPIC, partitions: 1 }])
    kafka = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING })
    admin = kafka.admin()
    await admin.connect()
  })

  afterEach(async () => {
    await admin.disconnect()
    await bus.close()
  })

  const send = async (
    messages: Parameters<ReturnType<Kafka['producer']>['send']>[0]['messages'],
    gzip = false,
  ) => {
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    const { None, GZIP } = kafkajs.CompressionTypes
    await producer.send({ topic, acks: -1, compression: gzip ? GZIP : None, messages })
    await producer.disconnect()
  }

  it('one that is larger than the topic takes is refused to its caller only', async () => {
    const big = labelled(TOPIC, 'x'.repeat(2_000_000))
    const labels = range(20).map((at) => `l${at}`)
    const published = labels.map((label) => bus.publish([labelled(TOPIC, label)]))
    const refused = bus.publish([big])
    const later = bus.publish([labelled(TOPIC, 'later')])
    await expect(refused).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: expect.stringContaining('larger than the topic takes (max.message.bytes)'),
    })
    await Promise.all([...published, later])
    expect(await written(bus, TOPIC)).toEqual([...labels, 'later'])
  })

  it('many large ones in one publish are written, in order', async () => {
    const records = range(40).map((at) => labelled(TOPIC, `${at}`.padEnd(200_000, '.')))
    await bus.publish(records)
    const labels = (await written(bus, TOPIC)).map((label) => label.replaceAll('.', ''))
    expect(labels).toEqual(range(40).map(String))
  })

  it('those of other producers are read: compressed, with a header several times, without one, without a key', async () => {
    await send(
      [
        { key: null, value: 'a' },
        { key: 'k', value: null, headers: { twice: ['one', 'two'], once: Buffer.from('ü') } },
      ],
      true,
    )
    expect(await bus.read(PLACE, 0, 10)).toMatchObject([
      { offset: 0, key: null, headers: {} },
      { offset: 1, key: 'k', value: null, headers: { twice: 'two', once: 'ü' } },
    ])
    expect(labelsOf(await bus.read(PLACE, 1, 10))).toEqual([''])
  })

  it('those of transactions are read when they are committed, and not when they were taken back', async () => {
    const producer = kafka.producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    for (const [label, commit] of [
      ['kept', true],
      ['taken back', false],
      ['kept too', true],
    ] as const) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ key: 'k', value: label }] })
      await (commit ? transaction.commit() : transaction.abort())
    }
    await producer.disconnect()
    const records = await bus.read(PLACE, 0, 10)
    expect(labelsOf(records)).toEqual(['kept', 'kept too'])
    expect(labelsOf(await bus.read(PLACE, 0, 1))).toEqual(['kept'])
    expect(labelsOf(await bus.read(PLACE, (records[0]?.offset ?? 0) + 1, 10))).toEqual(['kept too'])
  })

  it('those that retention has deleted are skipped, and a new group begins behind them', async () => {
    await bus.publish(range(10).map((at) => labelled(TOPIC, `l${at}`)))
    // kafkajs deletes only from topics that it has asked about before.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '7' }] })
    expect(labelsOf(await bus.read(PLACE, 0, 10))).toEqual(['l7', 'l8', 'l9'])
    expect(await bus.lag('group', [TOPIC])).toEqual([{ ...PLACE, start: 7, committed: 7, end: 10 }])
    expect(await bus.read(PLACE, 10, 10)).toEqual([])
    expect(await bus.read(PLACE, 99, 10)).toEqual([])
  })
})
