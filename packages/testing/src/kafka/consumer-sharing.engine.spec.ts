import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { KafkaBus } from '@commerce-mesh/mesh'
import { gate } from '../conformance/eventually.ts'
import { describeEngine } from '../engines/index.ts'
import { settingsFor } from './bus.fixture.ts'
import { type Follower, behind, follow, openMember, publishAll, until } from './consumer.fixture.ts'

const [PLACED, REFUNDED] = ['order.placed.v1', 'refund.completed.v1']
const GROUP = 'fulfillment'
const PARTITIONS = 6

describeEngine('kafka', 'Members of a group', (broker) => {
  const open: KafkaBus[] = []
  let settings: ReturnType<typeof settingsFor>
  let publisher: KafkaBus

  const bus = async (rebalanceGraceMs?: number) => {
    const opened = await openMember(settings, rebalanceGraceMs)
    open.push(opened)
    return opened
  }

  beforeEach(async () => {
    settings = settingsFor(broker)
    publisher = await bus()
    await publisher.declare([PLACED, REFUNDED].map((name) => ({ name, partitions: PARTITIONS })))
  })
  afterEach(async () => void (await Promise.all(open.splice(0).map((opened) => opened.close()))))

  const owned = (members: readonly Follower[]) =>
    members.flatMap(({ subscription }) => subscription.assigned())

  /** Waits until the members own everything, each thing once. */
  const shared = (members: readonly Follower[], partitions: number) =>
    until('everything to be shared', () => {
      const names = owned(members).map(({ topic, partition }) => `${topic}/${partition}`)
      return names.length === partitions && new Set(names).size === partitions
    })

  it('have the same numbers of all topics, so that one order stays with one of them', async () => {
    const topics = [PLACED, REFUNDED]
    const members: Follower[] = []
    for (let member = 0; member < 3; member++)
      members.push(await follow(await bus(), { group: GROUP, topics }))
    await until('a share for each', () =>
      members.every(({ subscription }) => subscription.assigned().length === 4),
    )
    const labels = [
      ...(await publishAll(publisher, PLACED, 'placed', 60)),
      ...(await publishAll(publisher, REFUNDED, 'refunded', 60)),
    ]
    await until('all', () => members.flatMap((member) => member.finished()).length === labels.length)
    for (const { handlings } of members) {
      const keys = (topic: string) =>
        new Set(handlings.filter(({ record }) => record.topic === topic).map(({ record }) => record.key))
      expect(keys(PLACED)).toEqual(keys(REFUNDED))
    }
  })

  it('go on with what stays theirs while others come and go, also with a record that takes its time', async () => {
    const held = gate()
    const handle = () => held.opened
    const first = await follow(await bus(200), { group: GROUP, topics: [PLACED], handle })
    const labels = await publishAll(publisher, PLACED, 'slow', 60)
    await until('all to run', () => first.handlings.length === 60)
    const second = await follow(await bus(), { group: GROUP, topics: [PLACED] })
    await second.owning(PARTITIONS / 2)
    const kept = new Set(first.subscription.assigned().map(({ partition }) => partition))
    const [stay, moved] = [true, false].map((stays) =>
      first.handlings.filter(({ record }) => kept.has(record.partition) === stays),
    )
    expect(stay?.every(({ signal }) => !signal.aborted)).toBe(true)
    expect(moved?.every(({ signal }) => signal.aborted)).toBe(true)
    await second.handled(moved?.map(({ label }) => label) ?? [])
    await second.subscription.close(1_000)
    await first.owning(PARTITIONS)
    held.open()
    await until('no lag', async () => (await behind(publisher, GROUP, [PLACED])) === 0)
    expect([...first.finished(), ...second.finished()].toSorted()).toEqual(labels.toSorted())
  })

  it('hand over at once when one leaves, with everything committed that it finished', async () => {
    const members = [
      await follow(await bus(), { group: GROUP, topics: [PLACED] }),
      await follow(await bus(), { group: GROUP, topics: [PLACED] }),
    ]
    await shared(members, PARTITIONS)
    const before = await publishAll(publisher, PLACED, 'before', 60)
    await until('all', () => members.flatMap((member) => member.finished()).length === before.length)
    const [staying, leaving] = members
    await leaving?.subscription.close(5_000)
    const left = performance.now()
    await staying?.owning(PARTITIONS)
    expect(performance.now() - left).toBeLessThan(5_000)
    const after = await publishAll(publisher, PLACED, 'after', 60)
    await staying?.handled(after)
    expect(members.flatMap((member) => member.finished()).toSorted()).toEqual(
      [...before, ...after].toSorted(),
    )
  })

  it('may differ in their topics, as they do while a release is rolled out', async () => {
    const old = await follow(await bus(), { group: GROUP, topics: [PLACED] })
    await old.owning(PARTITIONS)
    const young = await follow(await bus(), { group: GROUP, topics: [PLACED, REFUNDED] })
    const members = [old, young]
    await shared(members, PARTITIONS * 2)
    const labels = [
      ...(await publishAll(publisher, PLACED, 'placed', 30)),
      ...(await publishAll(publisher, REFUNDED, 'refunded', 30)),
    ]
    await until('all', () => members.flatMap((member) => member.finished()).length === labels.length)
    expect(old.handlings.every(({ record }) => record.topic === PLACED)).toBe(true)
    await old.subscription.close(1_000)
    await young.owning(PARTITIONS * 2)
  })

  it('settle when many come at once, and when all but one go at once', async () => {
    const members = await Promise.all(
      Array.from({ length: 5 }, async () => follow(await bus(), { group: GROUP, topics: [PLACED] })),
    )
    await shared(members, PARTITIONS)
    const [stays, ...others] = members
    await Promise.all(others.map(({ subscription }) => subscription.close(1_000)))
    await stays?.owning(PARTITIONS)
    const labels = await publishAll(publisher, PLACED, 'parcel', 30)
    await stays?.handled(labels)
  })
})
