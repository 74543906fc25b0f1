import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { KafkaBus } from '@commerce-mesh/mesh'
import { gate } from '../conformance/eventually.ts'
import { describeEngine } from '../engines/index.ts'
import { settingsFor } from './bus.fixture.ts'
import { type Handling, behind, follow, openMember, publishAll, until } from './consumer.fixture.ts'
import { type KafkaProxy, openKafkaProxy } from './kafka-proxy.fixture.ts'

const TOPIC = 'parcel.v1'
const GROUP = 'parcels'
const PARTITIONS = 4

/** What operators want to see after the brokers are back, in milliseconds. */
const RECOVERY_MS = 10_000

describeEngine('kafka', 'A member of a group whose brokers can’t be reached', (broker) => {
  let proxy: KafkaProxy
  let publisher: KafkaBus
  const open: KafkaBus[] = []

  /** A bus behind the proxy, and one that is not affected. */
  const begin = async (sessionTimeoutMs: number): Promise<KafkaBus> => {
    const settings = settingsFor(broker, { sessionTimeoutMs, requestTimeoutMs: 3_000 })
    publisher = await openMember(settings)
    const bus = await openMember({ ...settings, bootstrapServers: proxy.address })
    open.push(publisher, bus)
    await publisher.declare([{ name: TOPIC, partitions: PARTITIONS }])
    return bus
  }

  beforeEach(async () => {
    proxy = await openKafkaProxy(broker)
  })
  afterEach(async () => {
    proxy.thaw()
    await Promise.all(open.splice(0).map((bus) => bus.close()))
    await proxy.close()
  })

  const committedAll = () =>
    until('everything to be committed', async () => (await behind(publisher, GROUP, [TOPIC])) === 0)

  it('keeps its partitions through an outage that is shorter than the session, and handles nothing twice', async () => {
    const bus = await begin(30_000)
    const held = gate()
    const member = await follow(bus, {
      group: GROUP,
      topics: [TOPIC],
      handle: ({ label }: Handling) => (label.startsWith('during') ? held.opened : Promise.resolve()),
    })
    const before = await publishAll(publisher, TOPIC, 'before', 20)
    await member.handled(before)
    const during = await publishAll(publisher, TOPIC, 'during', 20)
    await until('the records', () => member.handlings.length === 40)
    await proxy.stop()
    held.open()
    await member.handled(during)
    const after = await publishAll(publisher, TOPIC, 'after', 20)
    expect(member.subscription.assigned()).toHaveLength(PARTITIONS)

    await proxy.start()
    const back = performance.now()
    await member.handled(after)
    expect(performance.now() - back).toBeLessThan(RECOVERY_MS)
    await committedAll()
    expect(member.handlings.map(({ label }) => label).toSorted()).toEqual(
      [...before, ...during, ...after].toSorted(),
    )
    expect(member.handlings.every(({ signal }) => !signal.aborted)).toBe(true)
  })

  it('owns nothing once the session is over, commits nothing of it, and goes on by itself afterwards', async () => {
    const bus = await begin(2_000)
    const held = gate()
    const member = await follow(bus, { group: GROUP, topics: [TOPIC], handle: () => held.opened })
    const labels = await publishAll(publisher, TOPIC, 'parcel', 20)
    await until('the records', () => member.handlings.length === 20)
    const first = [...member.handlings]
    await proxy.stop()
    await until('the signals', () => first.every(({ signal }) => signal.aborted))
    expect(member.subscription.assigned()).toEqual([])
    expect(first.map(({ record }) => member.subscription.owns(record))).not.toContain(true)
    held.open()
    await until('the late ends', () => first.every(({ state }) => state === 'late'))

    await proxy.start()
    const back = performance.now()
    await member.handled(labels)
    expect(performance.now() - back).toBeLessThan(RECOVERY_MS)
    await committedAll()
    expect(member.subscription.assigned()).toHaveLength(PARTITIONS)
  })

  it('is replaced by another one, and what it still does counts for nothing', async () => {
    const cutOff = await begin(2_000)
    const held = gate()
    const old = await follow(cutOff, { group: GROUP, topics: [TOPIC], handle: () => held.opened })
    const labels = await publishAll(publisher, TOPIC, 'parcel', 20)
    await until('the records', () => old.handlings.length === 20)
    await proxy.stop()
    const heir = await follow(publisher, { group: GROUP, topics: [TOPIC] })
    await heir.handled(labels)
    // It was told before anybody else could take over.
    expect(old.handlings.every(({ signal }) => signal.aborted)).toBe(true)
    held.open()
    await proxy.start()
    await until('the old one’s return', () => old.subscription.assigned().length > 0)
    expect(old.finished()).toEqual([])
    const more = await publishAll(publisher, TOPIC, 'more', 20)
    await until('all', () => new Set([...old.finished(), ...heir.finished()]).size === 40)
    expect([...old.finished(), ...heir.finished()].toSorted()).toEqual([...labels, ...more].toSorted())
    await committedAll()
  })

  it('notices connections on which nothing comes back any more', async () => {
    const bus = await begin(30_000)
    const member = await follow(bus, { group: GROUP, topics: [TOPIC] })
    await member.handled(await publishAll(publisher, TOPIC, 'before', 20))
    proxy.freeze()
    const labels = await publishAll(publisher, TOPIC, 'after', 20)
    // What the member sends now makes its connections dead for good; others work at once.
    const before = proxy.kept()
    await until('questions without an answer', () => proxy.kept() >= before + 2)
    proxy.thaw()
    await member.handled(labels)
    await committedAll()
    expect(member.handlings).toHaveLength(40)
  })

  it('waits for brokers that come later, and closes in time while they are away', async () => {
    const bus = await begin(2_000)
    await publishAll(bus, TOPIC, 'known', 1)
    await proxy.stop()
    const subscribing = performance.now()
    const member = await follow(bus, { group: GROUP, topics: [TOPIC] })
    expect(performance.now() - subscribing).toBeLessThan(2_000 + 3_000)
    const labels = await publishAll(publisher, TOPIC, 'parcel', 20)
    await proxy.start()
    await member.handled(labels)
    await proxy.stop()
    const closing = performance.now()
    await member.subscription.close(60_000)
    expect(performance.now() - closing).toBeLessThan(5_000)
  })
})
