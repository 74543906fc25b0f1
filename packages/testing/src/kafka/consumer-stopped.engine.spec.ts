import { afterEach, expect, it } from '@jest/globals'
import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import type { KafkaBus } from '@commerce-mesh/mesh'
import { describeEngine } from '../engines/index.ts'
import { settingsFor } from './bus.fixture.ts'
import { behind, follow, openMember, publishAll, until } from './consumer.fixture.ts'
import type { Told } from './member-child.fixture.ts'

const TOPIC = 'parcel.v1'
const GROUP = 'parcels'
const CHILD = path.join(import.meta.dirname, 'member-child.fixture.ts')

describeEngine('kafka', 'A member whose process was stopped', (broker) => {
  const children: ChildProcess[] = []
  const open: KafkaBus[] = []

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(open.splice(0).map((bus) => bus.close()))
  })

  const begin = async () => {
    const settings = settingsFor(broker, { sessionTimeoutMs: 2_000 })
    const bus = await openMember(settings)
    open.push(bus)
    await bus.declare([{ name: TOPIC, partitions: 4 }])
    const told: Told[] = []
    const child = fork(CHILD, [JSON.stringify(settings), GROUP, TOPIC], { execArgv: [] })
    children.push(child)
    child.on('message', (message) => void told.push(message as Told))
    const about = (what: Told['told']) =>
      told.flatMap((one) => (one.told === what && one.told !== 'assigned' ? [one] : []))
    await until('all partitions', () => told.some((one) => one.told === 'assigned' && one.partitions === 4))
    const labels = await publishAll(bus, TOPIC, 'parcel', 20)
    await until('all records', () => about('started').length === 20)
    expect(about('started').every(({ owns }) => owns)).toBe(true)
    return { bus, child, about, labels }
  }

  it('owns nothing when it goes on, aborts what it was at, and leaves the records to whoever has them now', async () => {
    const { bus, child, about, labels } = await begin()
    child.kill('SIGSTOP')
    const heir = await follow(bus, { group: GROUP, topics: [TOPIC] })
    await heir.handled(labels)
    await until('the commits', async () => (await behind(bus, GROUP, [TOPIC])) === 0)
    expect(about('aborted')).toEqual([])
    const continued = Date.now()
    child.kill('SIGCONT')
    // Its handlers end at once, before anything could tell it what has happened meanwhile.
    child.send('go')
    await until('the ends', () => about('let go').length === 20)
    expect(about('let go').filter(({ owns }) => owns)).toEqual([])
    expect(about('aborted')).toHaveLength(20)
    expect(Math.max(...about('aborted').map(({ at }) => at)) - continued).toBeLessThan(1_000)

    await until('its return', () => heir.subscription.assigned().length === 2)
    expect(await behind(bus, GROUP, [TOPIC])).toBe(0)
    const more = await publishAll(bus, TOPIC, 'more', 20)
    await until('all records', () => heir.handlings.length + about('started').length === 60)
    expect([...heir.finished(), ...about('started').map(({ label }) => label)].toSorted()).toEqual(
      [...labels, ...labels, ...more].toSorted(),
    )
  })

  it('finds out at its first look, before any timer or answer has had its turn', async () => {
    const { child, about } = await begin()
    child.send(2_000)
    await until('its look', () => about('let go').length === 1)
    expect(about('let go')[0]?.owns).toBe(false)
    expect(about('aborted').length).toBeGreaterThan(0)
  })
})
