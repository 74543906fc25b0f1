import { describe, expect, it } from '@jest/globals'
import { eventually, gate } from '../../../flow/eventually.fixture.ts'
import { type FakeBrokers, fakeBrokers, label, parcel } from './brokers.fixture.ts'
import type { Shipment } from './send.ts'

// What goes wrong at the brokers, and that nothing is lost, stuck or out of order by it.

const TOO_LARGE = 10
const NOT_LEADER = 6
const NOT_ENOUGH_REPLICAS = 19
const NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20
const TIMED_OUT = 7
const NOT_ALLOWED = 29

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

/** Does something else than writing, so many times. */
const times = (brokers: FakeBrokers, count: number, conduct: FakeBrokers['conduct']) => {
  let left = count
  brokers.conduct = (shipments, node) => (left-- > 0 ? conduct(shipments, node) : undefined)
}

const refuse = (shipments: readonly Shipment[], errorCode: number) =>
  shipments.map(({ place }) => ({ ...place, errorCode }))

describe('the producer in trouble', () => {
  it('sends again what failed before what came later, so that the order stays', async () => {
    const brokers = fakeBrokers()
    const held = gate()
    times(brokers, 3, async () => {
      await held.opened
      throw new Error('Closed connection')
    })
    const published = [brokers.producer.publish([label('a')])]
    await eventually('the first request', () => brokers.requests.length === 1)
    published.push(brokers.producer.publish([label('b')]), brokers.producer.publish([label('c')]))
    held.open()
    await Promise.all(published)
    expect(brokers.log.get('label.v1/0')).toEqual(['a', 'b', 'c'])
    expect(brokers.refreshed).toBeGreaterThan(0)
  })

  it('sends nothing to a new leader while the old one may still write', async () => {
    const brokers = fakeBrokers()
    const held = gate()
    brokers.conduct = async (shipments, node) => {
      if (node === 1) await held.opened
      return brokers.write(shipments)
    }
    const first = brokers.producer.publish([label('a')])
    await eventually('the first request', () => brokers.requests.length === 1)
    brokers.leader = () => 2
    const second = brokers.producer.publish([label('b')])
    await brokers.producer.publish([parcel('p')])
    held.open()
    await Promise.all([first, second])
    expect(brokers.log.get('label.v1/0')).toEqual(['a', 'b'])
  })

  it('does not send the rest of a publish that was refused', async () => {
    const brokers = fakeBrokers()
    const held = gate()
    brokers.conduct = async (shipments) => {
      await held.opened
      const refused = shipments.filter(({ place }) => place.topic === 'parcel.v1')
      return [
        ...brokers.write(shipments.filter((shipment) => !refused.includes(shipment))),
        ...refuse(refused, NOT_ALLOWED),
      ]
    }
    brokers.leader = ({ topic }) => (topic === 'parcel.v1' ? 2 : 1)
    const first = brokers.producer.publish([label('a')])
    await eventually('the first request', () => brokers.requests.length === 1)
    const others = [brokers.producer.publish([label('b')])]
    const refused = brokers.producer.publish([parcel('p'), label('with p')])
    others.push(brokers.producer.publish([label('c')]))
    await eventually('the second request', () => brokers.requests.length === 2)
    held.open()
    await expect(refused).rejects.toThrow('this user may not write')
    await Promise.all([first, ...others])
    expect(brokers.log.get('label.v1/0')).toEqual(['a', 'b', 'c'])
  })

  it('sends again what an answer leaves out, and nothing else (loss mode 2)', async () => {
    const brokers = fakeBrokers()
    // The leader of `label.v1` was moving: its part was not written, and nobody says so.
    times(brokers, 1, (shipments) =>
      brokers.write(shipments.filter(({ place }) => place.topic !== 'label.v1')),
    )
    await brokers.producer.publish([parcel('p'), label('l')])
    expect(brokers.log.get('label.v1/0')).toEqual(['l'])
    expect(brokers.requests).toEqual(['1: p l', '1: l'])
  })

  it('does not resolve while the answers leave a partition out', async () => {
    const brokers = fakeBrokers({ deadlineMs: 300 })
    brokers.conduct = () => []
    await expect(brokers.producer.publish([label('l')])).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message:
        'Kafka did not take the event within 300 ms: label.v1/0: the broker’s answer left the partition out. It may have been written all the same.',
    })
  })

  it('tries again only the partitions that were refused for now', async () => {
    const brokers = fakeBrokers()
    times(brokers, 2, (shipments) => {
      const moving = shipments.filter(({ place }) => place.topic === 'label.v1')
      const others = shipments.filter((shipment) => !moving.includes(shipment))
      return [...brokers.write(others), ...refuse(moving, NOT_LEADER)]
    })
    await brokers.producer.publish([parcel('p'), label('l')])
    expect(brokers.requests).toEqual(['1: p l', '1: l', '1: l'])
  })

  it('refuses a record that is too large to its own caller only', async () => {
    const brokers = fakeBrokers()
    const isBig = ({ messages }: Shipment) =>
      messages.reduce((sum, { value }) => sum + String(value).length, 0) > 99
    brokers.conduct = (shipments) => [
      ...brokers.write(shipments.filter((shipment) => !isBig(shipment))),
      ...refuse(shipments.filter(isBig), TOO_LARGE),
    ]
    const texts = ['a', 'b', 'x'.repeat(100), 'c', 'd']
    const results = await Promise.allSettled(texts.map((text) => brokers.producer.publish([label(text)])))
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect(brokers.log.get('label.v1/0')).toEqual(['a', 'b', 'c', 'd'])
    expect(results[2]).toMatchObject({
      reason: {
        message:
          'Kafka refuses an event for label.v1: the record is larger than the topic takes (max.message.bytes) (MESSAGE_TOO_LARGE). Nothing was accepted.',
      },
    })
  })

  it('does not try again what will never be taken', async () => {
    const brokers = fakeBrokers()
    brokers.conduct = (shipments) => refuse(shipments, NOT_ALLOWED)
    await expect(brokers.producer.publish([label('a')])).rejects.toThrow(
      'this user may not write to the topic (TOPIC_AUTHORIZATION_FAILED)',
    )
    expect(brokers.requests).toHaveLength(1)
  })

  it('rejects at the deadline with what was wrong, and never writes the record later', async () => {
    const brokers = fakeBrokers({ deadlineMs: 200 })
    brokers.conduct = (shipments) => refuse(shipments, NOT_ENOUGH_REPLICAS)
    const start = performance.now()
    await expect(brokers.producer.publish([label('late')])).rejects.toThrow(
      'within 200 ms: label.v1/0: fewer replicas are in sync than min.insync.replicas demands (NOT_ENOUGH_REPLICAS)',
    )
    expect(performance.now() - start).toBeLessThan(1_000)
    brokers.conduct = () => undefined
    await brokers.producer.publish([label('next')])
    expect(brokers.log.get('label.v1/0')).toEqual(['next'])
  })

  it('rejects at the deadline while a request hangs', async () => {
    const brokers = fakeBrokers({ deadlineMs: 100 })
    const hung = gate()
    brokers.conduct = async (shipments) => {
      await hung.opened
      return brokers.write(shipments)
    }
    await expect(brokers.producer.publish([label('a')])).rejects.toThrow(
      'no answer from kafka:9092. It may have been written all the same.',
    )
    hung.open()
  })

  it.each([
    ['nothing went out', undefined, 'Nothing was accepted.'],
    ['every answer says that nothing was written', NOT_ENOUGH_REPLICAS, 'Nothing was accepted.'],
    [
      'the leader may have written it',
      NOT_ENOUGH_REPLICAS_AFTER_APPEND,
      'It may have been written all the same.',
    ],
    ['the replicas did not confirm in time', TIMED_OUT, 'It may have been written all the same.'],
  ])('says when the time is over what is known: %s', async (_, errorCode, words) => {
    const brokers = fakeBrokers({ deadlineMs: 100 })
    brokers.leader = () => (errorCode === undefined ? undefined : 1)
    brokers.conduct = (shipments) => refuse(shipments, errorCode ?? 0)
    await expect(brokers.producer.publish([label('a')])).rejects.toThrow(words)
  })

  it.each(['no answer came', 'the answer is no'])(
    'says that a part was written, where %s for the rest',
    async (how) => {
      const brokers = fakeBrokers({ deadlineMs: 100 })
      brokers.leader = ({ topic }) => (topic === 'parcel.v1' ? 1 : 2)
      const others = gate()
      brokers.conduct = async (shipments, node) => {
        if (node === 1) return brokers.write(shipments)
        await others.opened
        if (how === 'the answer is no') return refuse(shipments, NOT_ALLOWED)
        throw new Error('Closed connection')
      }
      const published = brokers.producer.publish([parcel('p'), label('l')])
      const ended = expect(published).rejects.toThrow('Some of its events were written all the same.')
      await eventually('the part', () => brokers.log.size === 1)
      others.open()
      await ended
    },
  )

  it('says that nothing was accepted where the whole of it was refused', async () => {
    const brokers = fakeBrokers()
    brokers.conduct = (shipments) => refuse(shipments, NOT_ALLOWED)
    await expect(brokers.producer.publish([label('a'), label('b'), parcel('p')])).rejects.toThrow(
      'Nothing was accepted.',
    )
  })

  it('may have written what went out before the connection broke', async () => {
    const brokers = fakeBrokers({ deadlineMs: 100 })
    brokers.conduct = () => Promise.reject(new Error('Closed connection'))
    await expect(brokers.producer.publish([label('a')])).rejects.toThrow(
      'Closed connection. It may have been written all the same.',
    )
  })

  it('waits for a leader, and asks for the topics meanwhile', async () => {
    const brokers = fakeBrokers()
    brokers.leader = () => (brokers.refreshed >= 3 ? 2 : undefined)
    await brokers.producer.publish([label('a')])
    expect(brokers.requests).toEqual(['2: a'])
  })

  it('keeps other partitions going while one has no leader', async () => {
    const brokers = fakeBrokers({ deadlineMs: 200 })
    brokers.leader = ({ topic }) => (topic === 'label.v1' ? undefined : 1)
    const stuck = brokers.producer.publish([label('l')])
    for (const at of range(20)) await brokers.producer.publish([parcel(`p${at}`)])
    await expect(stuck).rejects.toThrow('the partition has no leader (LEADER_NOT_AVAILABLE)')
    expect(brokers.outcomes.every((words) => words === undefined)).toBe(true)
  })

  it('lets one caller at a time find out whether a dead broker is back; the others hear at once', async () => {
    const brokers = fakeBrokers({ deadlineMs: 150 })
    brokers.conduct = () => Promise.reject(new Error('connect ECONNREFUSED'))
    await expect(brokers.producer.publish([label('a')])).rejects.toThrow('within 150 ms')
    const start = performance.now()
    const probe = brokers.producer.publish([label('b')])
    const others = await Promise.allSettled(range(50).map(() => brokers.producer.publish([label('c')])))
    expect(performance.now() - start).toBeLessThan(100)
    for (const other of others)
      expect(other).toMatchObject({
        status: 'rejected',
        reason: {
          message: expect.stringContaining('has taken nothing for 0 s: label.v1/0: connect ECONNREFUSED'),
        },
      })
    await expect(probe).rejects.toThrow('within 150 ms')
    brokers.conduct = () => undefined
    await brokers.producer.publish([label('d')])
    await Promise.all(range(50).map((at) => brokers.producer.publish([label(`e${at}`)])))
    expect(brokers.log.get('label.v1/0')).toHaveLength(51)
  })

  it('tells that nothing can be written while this user may not, though the brokers answer', async () => {
    const brokers = fakeBrokers()
    brokers.conduct = (shipments) => refuse(shipments, NOT_ALLOWED)
    await brokers.producer.publish([label('a')]).catch(() => {})
    expect(brokers.outcomes).toEqual(['this user may not write to the topic (TOPIC_AUTHORIZATION_FAILED)'])
    brokers.conduct = (shipments) => refuse(shipments, TOO_LARGE)
    await brokers.producer.publish([label('a')]).catch(() => {})
    expect(brokers.outcomes.at(-1)).toBeUndefined()
  })

  it('tells that nothing can be written while there is nobody to write to', async () => {
    const brokers = fakeBrokers({ deadlineMs: 300 })
    brokers.leader = () => undefined
    await brokers.producer.publish([label('a')]).catch(() => {})
    expect(brokers.outcomes.length).toBeGreaterThan(0)
    expect(new Set(brokers.outcomes)).toEqual(
      new Set(['label.v1/0: the partition has no leader (LEADER_NOT_AVAILABLE)']),
    )
  })

  it('tells when nothing of a request was written, and when something was', async () => {
    const brokers = fakeBrokers()
    times(brokers, 1, () => Promise.reject(new Error('Closed connection')))
    await brokers.producer.publish([label('a')])
    expect(brokers.outcomes).toEqual(['Closed connection', undefined])
  })
})
