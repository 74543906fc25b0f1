import { describe, expect, it } from '@jest/globals'
import { eventually, gate } from '../../../flow/eventually.fixture.ts'
import { partitionOf } from '../../partition.ts'
import { fakeBrokers, label, parcel } from './brokers.fixture.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('the producer', () => {
  it('sends a lone record at once, and tells where it lies', async () => {
    const { producer, requests, log } = fakeBrokers()
    expect(await producer.publish([parcel('a', 'abc')])).toEqual([
      { topic: 'parcel.v1', partition: partitionOf('abc', 4) },
    ])
    expect(requests).toEqual(['1: a'])
    expect(log.get(`parcel.v1/${partitionOf('abc', 4)}`)).toEqual(['a'])
  })

  it('publishes nothing without a request', async () => {
    const { producer, requests } = fakeBrokers()
    expect(await producer.publish([])).toEqual([])
    expect(requests).toEqual([])
  })

  it('puts whatever arrives while a request runs into the next one', async () => {
    const brokers = fakeBrokers()
    const held = gate()
    brokers.conduct = async (shipments) => {
      await held.opened
      return brokers.write(shipments)
    }
    const published = [brokers.producer.publish([label('first')])]
    await eventually('the first request', () => brokers.requests.length === 1)
    for (const at of range(50)) {
      published.push(brokers.producer.publish([label(`l${at}`), parcel(`p${at}`)]))
      if (at % 10 === 0) await turn()
    }
    held.open()
    await Promise.all(published)
    expect(brokers.requests).toHaveLength(2)
    expect(brokers.log.get('label.v1/0')).toEqual(['first', ...range(50).map((at) => `l${at}`)])
  })

  it('asks every broker by itself, and none waits for another', async () => {
    const brokers = fakeBrokers()
    brokers.leader = ({ partition }) => partition
    const slow = gate()
    brokers.conduct = async (shipments, node) => {
      if (node === 0) await slow.opened
      return brokers.write(shipments)
    }
    const keys = range(40).map((at) => `key-${at}`)
    const published = keys.map((key) => brokers.producer.publish([parcel(key)]))
    const fast = published.filter((_, at) => partitionOf(keys[at] ?? '', 4) !== 0)
    await Promise.all(fast)
    expect(new Set(brokers.requests.map((request) => request.split(':')[0]))).toEqual(
      new Set(['0', '1', '2', '3']),
    )
    slow.open()
    await Promise.all(published)
  })

  it('spreads records without a key', async () => {
    const { producer } = fakeBrokers()
    const places = await producer.publish(range(8).map((at) => parcel(`${at}`, null)))
    expect(places.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
  })

  it('splits what is more than one request takes, and keeps the order', async () => {
    const brokers = fakeBrokers({ batch: { records: 10, bytes: 100_000, partBytes: 100_000 } })
    const all = range(95).map((at) => `l${at}`)
    await brokers.producer.publish(all.map((text) => label(text)))
    expect(brokers.requests).toHaveLength(10)
    expect(brokers.log.get('label.v1/0')).toEqual(all)
  })

  it('splits by bytes too, but sends a record that is larger alone', async () => {
    const brokers = fakeBrokers({ batch: { records: 100, bytes: 1_000, partBytes: 200 } })
    const big = 'x'.repeat(500)
    await brokers.producer.publish([label('a'), label('b'), label(big), label('c')])
    expect(brokers.requests).toEqual(['1: a b', `1: ${big}`, '1: c'])
  })

  it('refuses a topic that nobody declared', async () => {
    const { producer } = fakeBrokers()
    await expect(producer.publish([{ ...label('a'), topic: 'other.v1' }])).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: 'The topic other.v1 was never declared.',
    })
  })

  it('waits for what runs when it is closed, and takes nothing more', async () => {
    const brokers = fakeBrokers()
    const held = gate()
    brokers.conduct = async (shipments) => {
      await held.opened
      return brokers.write(shipments)
    }
    const published = brokers.producer.publish([label('a')])
    await turn()
    let closed = false
    const closing = brokers.producer.close().then(() => (closed = true))
    await expect(brokers.producer.publish([label('b')])).rejects.toMatchObject({
      message: 'The bus is closed.',
    })
    expect(closed).toBe(false)
    held.open()
    await published
    await closing
    await brokers.producer.close()
    expect(brokers.log.get('label.v1/0')).toEqual(['a'])
  })
})

describe('the producer’s bounds', () => {
  it('refuses at once what there is no room for, and takes more when there is', async () => {
    const brokers = fakeBrokers({ waitingRecords: 10 })
    const held = gate()
    brokers.conduct = async (shipments) => {
      await held.opened
      return brokers.write(shipments)
    }
    const published = range(10).map((at) => brokers.producer.publish([label(`l${at}`)]))
    await expect(brokers.producer.publish([label('more')])).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message:
        'Events come faster than Kafka (kafka:9092) takes them: 10 wait already. Nothing was accepted.',
    })
    held.open()
    await Promise.all(published)
    await brokers.producer.publish([label('more')])
    expect(brokers.log.get('label.v1/0')).toHaveLength(11)
  })

  it('counts bytes as well', async () => {
    const brokers = fakeBrokers({ waitingBytes: 1_000 })
    const published = brokers.producer.publish([label('x'.repeat(900))])
    await expect(brokers.producer.publish([label('y'.repeat(100))])).rejects.toThrow('faster than Kafka')
    await published
  })

  it('frees the room of callers whose time is over', async () => {
    const brokers = fakeBrokers({ waitingRecords: 3, deadlineMs: 60 })
    brokers.leader = () => undefined
    const late = await Promise.allSettled(range(3).map((at) => brokers.producer.publish([label(`l${at}`)])))
    expect(late.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    brokers.leader = () => 1
    await brokers.producer.publish([label('a'), label('b'), label('c')])
    expect(brokers.log.get('label.v1/0')).toEqual(['a', 'b', 'c'])
  })

  it('lets one caller alone bring more than there is room for', async () => {
    const { producer } = fakeBrokers({ waitingRecords: 3 })
    expect(await producer.publish(range(20).map((at) => label(`l${at}`)))).toHaveLength(20)
  })
})
