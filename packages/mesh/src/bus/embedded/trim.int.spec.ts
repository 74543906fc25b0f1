import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eventually } from '../../flow/eventually.fixture.ts'
import { type SqliteEngine, openSqliteEngine } from '../../sqlite/engine.ts'
import { embeddedBus } from './embedded-bus.ts'

// Trimming is the only thing in the mesh that deletes accepted records: it may take only what is old and handled by all.

const TOPIC = { name: 'parcel.ordered.v1', partitions: 1 }
const PLACE = { topic: TOPIC.name, partition: 0 }

let directory: string
let engine: SqliteEngine
let clock = 0

const openBus = async () => {
  engine = await openSqliteEngine(directory)
  const bus = embeddedBus(engine, { now: () => clock })
  await bus.declare([TOPIC])
  return bus
}

type Bus = Awaited<ReturnType<typeof openBus>>

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-trim-'))
})

afterEach(async () => {
  await engine.close()
  fs.rmSync(directory, { recursive: true })
})

const publishAt = async (bus: Bus, at: number, count: number) => {
  clock = at
  const record = { topic: TOPIC.name, key: 'P-1', headers: {}, value: null }
  await bus.publish(Array.from({ length: count }, () => record))
}

/** Lets a group handle everything that is there. */
const passAll = async (bus: Bus, group: string) => {
  const subscription = await bus.subscribe({
    group,
    topics: [TOPIC.name],
    concurrency: 1,
    handle: async () => {},
  })
  await eventually('everything committed', async () => {
    const [lag] = await bus.lag(group, [TOPIC.name])
    return lag !== undefined && lag.committed === lag.end
  })
  await subscription.close(1_000)
}

const offsets = async (bus: Bus) => (await bus.read(PLACE, 0, 2_000)).map(({ offset }) => offset)

describe('trim', () => {
  it('deletes what is old enough and handled by every group, batch after batch, and nothing younger', async () => {
    const bus = await openBus()
    await publishAt(bus, 1_000, 1_200)
    await publishAt(bus, 2_000, 3)
    await passAll(bus, 'packing')
    await passAll(bus, 'shipping')
    expect(await bus.trim(2_000)).toBe(1_200)
    expect(await offsets(bus)).toEqual([1_200, 1_201, 1_202])
    expect(await bus.lag('packing', [TOPIC.name])).toEqual([
      { ...PLACE, start: 1_200, committed: 1_203, end: 1_203 },
    ])
    expect(await bus.trim(2_000)).toBe(0)
  })

  it('keeps what one group has not handled, however old it is', async () => {
    const bus = await openBus()
    await publishAt(bus, 1_000, 5)
    await passAll(bus, 'packing')
    const stuck = await bus.subscribe({
      group: 'shipping',
      topics: [TOPIC.name],
      concurrency: 1,
      handle: ({ offset }, signal) =>
        offset < 2
          ? Promise.resolve()
          : new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('revoked')))),
    })
    await eventually('two handled', async () => (await bus.lag('shipping', [TOPIC.name]))[0]?.committed === 2)
    expect(await bus.trim(9_000)).toBe(2)
    expect(await offsets(bus)).toEqual([2, 3, 4])
    await stuck.close(0)
    expect(await bus.trim(9_000)).toBe(0)
  })

  it('keeps everything of a topic that nobody has handled yet', async () => {
    const bus = await openBus()
    await publishAt(bus, 1_000, 3)
    expect(await bus.trim(9_000)).toBe(0)
    expect(await offsets(bus)).toEqual([0, 1, 2])
  })

  it('never gives an offset twice, and a new group begins with what is left, also after a restart', async () => {
    const bus = await openBus()
    await publishAt(bus, 1_000, 4)
    await passAll(bus, 'packing')
    expect(await bus.trim(9_000)).toBe(4)
    await bus.close()
    await engine.close()
    const again = await openBus()
    await publishAt(again, 9_500, 1)
    expect(await offsets(again)).toEqual([4])
    expect(await again.lag('shipping', [TOPIC.name])).toEqual([{ ...PLACE, start: 4, committed: 4, end: 5 }])
    await passAll(again, 'shipping')
  })
})
