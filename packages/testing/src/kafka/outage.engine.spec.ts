import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { KafkaBus } from '@commerce-mesh/mesh'
import { eventually } from '../conformance/eventually.ts'
import { describeEngine } from '../engines/index.ts'
import { labelled, openBus, settingsFor, written } from './bus.fixture.ts'
import { API, type KafkaProxy, openKafkaProxy } from './kafka-proxy.fixture.ts'

const TOPIC = 'parcel.v1'

const DEADLINE_MS = 1_500

/** Room for a slow machine between a deadline and the test's patience with it. */
const SLACK_MS = 1_500

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

describeEngine('kafka', 'While the broker can’t be reached', (broker) => {
  let proxy: KafkaProxy
  let bus: KafkaBus

  beforeEach(async () => {
    proxy = await openKafkaProxy(broker)
    bus = await openBus(settingsFor(proxy.address, { requestTimeoutMs: DEADLINE_MS }))
    await bus.declare([{ name: TOPIC, partitions: 1 }])
    await bus.publish([labelled(TOPIC, 'before')])
  })

  afterEach(async () => {
    proxy.thaw()
    await bus.close()
    await proxy.close()
  })

  /** How long a publish takes to be refused, in milliseconds; Infinity: it was accepted. */
  const refusedAfter = async (label: string): Promise<number> => {
    const start = performance.now()
    return bus.publish([labelled(TOPIC, label)]).then(
      () => Infinity,
      () => performance.now() - start,
    )
  }

  it('publish rejects in time, readiness says why, and both recover within two seconds', async () => {
    expect(bus.problem()).toBeUndefined()
    await proxy.stop()
    const first = await refusedAfter('lost')
    expect(first).toBeLessThan(DEADLINE_MS + SLACK_MS)
    await expect(bus.publish([labelled(TOPIC, 'lost too')])).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: expect.stringMatching(/Kafka .*: .*ECONNREFUSED.*Nothing was accepted\.$/),
    })
    expect(bus.problem()).toMatch(/ECONNREFUSED/)

    await proxy.start()
    const back = performance.now()
    await eventually(() => refusedAfter('after').then((ms) => ms === Infinity), {
      what: 'an accepted record',
    })
    expect(performance.now() - back).toBeLessThan(2_000)
    expect(bus.problem()).toBeUndefined()
    const labels = await written(bus, TOPIC)
    expect(labels.filter((label) => label !== 'after')).toEqual(['before'])
  })

  it('callers do not pile up: all but one hear at once', async () => {
    await proxy.stop()
    await refusedAfter('first')
    const waits = await Promise.all(range(200).map((at) => refusedAfter(`l${at}`)))
    expect(waits.filter((ms) => ms > 500).length).toBeLessThanOrEqual(1)
    await proxy.start()
  })

  it('gives up a connection on which nothing comes back any more', async () => {
    proxy.freeze()
    const published = bus.publish([labelled(TOPIC, 'through')])
    await eventually(() => proxy.count(API.produce) > 0)
    // The frozen connection stays dead; only a new one works.
    setTimeout(() => proxy.thaw(), 100)
    await published
    expect((await written(bus, TOPIC)).slice(0, 2)).toEqual(['before', 'through'])
  })

  it('opening a bus rejects in time', async () => {
    await proxy.stop()
    const start = performance.now()
    await expect(openBus(settingsFor(proxy.address, { requestTimeoutMs: 500 }))).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    expect(performance.now() - start).toBeLessThan(500 + SLACK_MS)
  })

  it('reading and lag reject in time', async () => {
    await proxy.stop()
    const start = performance.now()
    await expect(bus.read({ topic: TOPIC, partition: 0 }, 0, 1)).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
    })
    await expect(bus.lag('group', [TOPIC])).rejects.toMatchObject({ code: 'MESH_BUS_UNAVAILABLE' })
    expect(performance.now() - start).toBeLessThan(2 * DEADLINE_MS + SLACK_MS)
  })
})
