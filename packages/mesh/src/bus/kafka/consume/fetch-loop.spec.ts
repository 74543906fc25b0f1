import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { pause } from '../../../flow/pause.ts'
import { eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import { createFetchLoop } from './fetch-loop.ts'
import type { Fetched, Wanted } from './log-requests.ts'
import { createOwnedPartition, type OwnedPartition } from './owned-partition.ts'
import type { FetchedMessage } from './record.ts'

const TOPIC = 'parcel.ordered.v1'

type Script = {
  /** `refreshed`: how often the brokers were asked who leads what. */
  leader: (partition: number, refreshed: number) => number | undefined
  refusal: (wanted: Wanted, refreshed: number) => string | undefined
  answer: (node: number, wanted: readonly Wanted[]) => Promise<void>
  handle: (name: string) => Promise<void>
  refreshed: number
  fault: string | undefined
  /** What to leave a refused partition alone for. */
  holdMs: number
  earliest: () => Promise<number>
}

/** A log of `size` records per partition; what its brokers do is up to the test. */
const openLog = ({
  partitions = 2,
  size = 3,
  valueBytes = 1,
  lingerMs = 0,
  ...changes
}: { partitions?: number; size?: number; valueBytes?: number; lingerMs?: number } & Partial<Script> = {}) => {
  const asked: { node: number; partitions: number[]; waitMs: number }[] = []
  const seen: string[] = []
  const noted: string[] = []
  const outOfRange: { partition: number; earliest: number }[] = []
  const script: Script = {
    leader: () => 1,
    refusal: () => undefined,
    answer: async () => {},
    handle: async () => {},
    refreshed: 0,
    fault: undefined,
    holdMs: 0,
    earliest: async () => 7,
    ...changes,
  }
  const dispatcher = createKeyDispatcher(
    () => 1_000,
    () => {},
  )
  const owned: OwnedPartition[] = Array.from({ length: partitions }, (_, partition) => {
    const one = createOwnedPartition(
      { topic: TOPIC, partition },
      {
        dispatcher,
        handle: async ({ offset }) => {
          const name = `${partition}/${offset}`
          seen.push(name)
          await script.handle(name)
        },
        window: 64,
        mayStart: () => true,
        onFinish: (self) =>
          setImmediate(() => {
            self.fill()
            loop.room()
          }),
      },
    )
    one.start(0, undefined)
    return one
  })

  const messagesOf = ({ partition, offset }: Wanted): FetchedMessage[] =>
    Array.from({ length: Math.max(0, Math.min(size - offset, 2_000)) }, (_, at) => ({
      offset: `${offset + at}`,
      timestamp: '1000',
      key: Buffer.from(`k${partition}-${offset + at}`),
      value: Buffer.alloc(valueBytes),
    }))

  const loop = createFetchLoop({
    requests: {
      fetch: async (node, wanted, waitMs) => {
        asked.push({ node, partitions: wanted.map(({ partition }) => partition), waitMs })
        await script.answer(node, wanted)
        const answers = wanted.map((one): Fetched => {
          const refusal = script.refusal(one, script.refreshed)
          const { topic, partition } = one
          return {
            topic,
            partition,
            refusal,
            messages: refusal === undefined ? messagesOf(one) : [],
            aborted: [],
          }
        })
        // A broker without news holds its answer back.
        if (answers.every(({ messages, refusal }) => messages.length === 0 && refusal === undefined))
          await pause(waitMs)
        return answers
      },
      earliest: () => script.earliest(),
    },
    owned: () => owned.filter((partition) => !partition.aborted()),
    leaderOf: ({ partition }) => script.leader(partition, script.refreshed),
    faultOf: () => script.fault,
    standstills: {
      note: ({ place }, why) => {
        noted.push(`${place.partition}: ${why}`)
        return script.holdMs
      },
      over: ({ place }) => void noted.push(`${place.partition}: over`),
    },
    refresh: async () => void script.refreshed++,
    onRecords: (partition) => partition.fill(),
    onOutOfRange: ({ place }, earliest) => outOfRange.push({ partition: place.partition, earliest }),
    log: pino({ level: 'silent' }),
    lingerMs,
  })
  stops.push(loop.stop)
  loop.poke()
  return { loop, owned, script, asked, seen, noted, outOfRange }
}

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

describe('fetch loop', () => {
  it('asks each leader for its own partitions, all in one request', async () => {
    const { asked, seen } = openLog({ partitions: 4, leader: (partition) => 1 + (partition % 2) })
    await eventually('all', () => seen.length === 12)
    expect(asked.find(({ node }) => node === 1)?.partitions.toSorted()).toEqual([0, 2])
    expect(asked.find(({ node }) => node === 2)?.partitions.toSorted()).toEqual([1, 3])
  })

  it('lets a leader that does not answer hold up no other', async () => {
    const { script, seen } = openLog({
      leader: (partition) => 1 + partition,
      answer: (node) => (node === 2 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve()),
    })
    await eventually('the other', () => seen.filter((name) => name.startsWith('0/')).length === 3)
    script.answer = async () => {}
    await eventually('all', () => seen.length === 6)
    expect(script.refreshed).toBeGreaterThan(0)
  })

  it('asks for no more of a partition that is full, and at once again when it has room', async () => {
    const held = gate()
    const { asked, seen, owned } = openLog({
      size: 9_000,
      valueBytes: 1_000,
      handle: (name) => (name.startsWith('0/') ? held.opened : Promise.resolve()),
    })
    await eventually('the end of the other', () => owned[1]?.news() === 9_000)
    // Nothing after the first answer.
    expect(asked.filter((request) => request.partitions.includes(0))).toHaveLength(1)
    expect(owned[0]?.pending()).toBe(64)
    expect(seen.filter((name) => name.startsWith('0/'))).toHaveLength(64)
    held.open()
    const before = asked.length
    await eventually('the end of the first', () => owned[0]?.news() === 9_000)
    // While it is worked off it will soon want more, so nobody may hold an answer back for long.
    const without = asked.slice(before).filter((request) => !request.partitions.includes(0))
    expect(without.map(({ waitMs }) => waitMs)).toContain(10)
    await eventually('rest', () => asked.at(-1)?.waitMs === 500)
  })

  it('finds the one partition whose records can’t be read; the others go on', async () => {
    const { asked, seen } = openLog({
      partitions: 3,
      answer: async (_node, wanted) => {
        if (!wanted.some(({ partition }) => partition === 1)) return
        throw Object.assign(new Error('Snappy compression not implemented'), {
          name: 'KafkaJSNotImplemented',
        })
      },
    })
    await eventually('the others', () => seen.length === 6)
    expect(seen.filter((name) => name.startsWith('1/'))).toEqual([])
    expect(asked.some(({ partitions }) => partitions.length === 1 && partitions[0] === 1)).toBe(true)
  })

  it('asks where the log begins when it does not hold what is wanted', async () => {
    const { outOfRange } = openLog({
      refusal: ({ partition }) => (partition === 1 ? 'OFFSET_OUT_OF_RANGE' : undefined),
    })
    await eventually('the news', () => outOfRange.length > 0)
    expect(outOfRange[0]).toEqual({ partition: 1, earliest: 7 })
  })

  it('looks for the new leader of a partition, and leaves the old one alone meanwhile', async () => {
    const { asked, seen } = openLog({
      partitions: 1,
      refusal: (_wanted, refreshed) => (refreshed > 0 ? undefined : 'NOT_LEADER_FOR_PARTITION'),
      leader: (_partition, refreshed) => (refreshed > 0 ? 2 : 1),
    })
    await eventually('all', () => seen.length === 3)
    expect(asked.filter(({ node }) => node === 1).length).toBeLessThan(3)
  })

  it('waits for a partition that has no leader to get one', async () => {
    const { script, seen } = openLog({
      partitions: 2,
      leader: (partition) => (partition === 0 ? 1 : undefined),
    })
    await eventually('the other', () => seen.length === 3)
    await eventually('somebody to ask', () => script.refreshed > 0)
    script.leader = () => 1
    await eventually('all', () => seen.length === 6)
  })

  it('lets records gather between two fetches', async () => {
    const { asked, seen } = openLog({ partitions: 1, lingerMs: 600_000 })
    await eventually('the first answer', () => seen.length === 3)
    await settled()
    expect(asked).toHaveLength(1)
  })

  it('notes why a partition gets nothing, whatever it is, and when it goes on', async () => {
    const { script, noted, seen } = openLog({
      partitions: 4,
      leader: (partition) => [1, 1, undefined, 4][partition],
      refusal: ({ partition }) => (partition === 0 ? 'TOPIC_AUTHORIZATION_FAILED' : 'OFFSET_OUT_OF_RANGE'),
      answer: (node) => (node === 4 ? Promise.reject(new Error('connect ETIMEDOUT')) : Promise.resolve()),
      earliest: () => Promise.reject(new Error('KAFKA_STORAGE_ERROR')),
    })
    const expected = [
      '0: TOPIC_AUTHORIZATION_FAILED',
      '1: KAFKA_STORAGE_ERROR',
      '2: LEADER_NOT_AVAILABLE',
      '3: connect ETIMEDOUT',
    ]
    await eventually('all four', () => expected.every((line) => noted.includes(line)))
    script.fault = 'INVALID_TOPIC_EXCEPTION'
    await eventually('the fault', () => noted.includes('2: INVALID_TOPIC_EXCEPTION'))
    expect(noted.some((line) => line.endsWith('over'))).toBe(false)
    expect(noted).not.toContain('0: KAFKA_STORAGE_ERROR')
    Object.assign(script, { refusal: () => undefined, leader: () => 1, answer: async () => {} })
    await eventually('all', () => seen.length === 12)
    expect(noted).toContain('0: over')
  })

  it('asks a leader that refuses less and less often', async () => {
    const { noted, asked } = openLog({
      partitions: 1,
      refusal: () => 'TOPIC_AUTHORIZATION_FAILED',
      holdMs: 60_000,
    })
    await eventually('the refusal', () => noted.length === 1)
    await pause(400)
    expect(asked).toHaveLength(1)
  })

  it('asks nothing any more after it was stopped', async () => {
    const { loop, asked, seen, owned } = openLog()
    await eventually('all', () => seen.length === 6)
    loop.stop()
    const before = asked.length
    for (const partition of owned) partition.abort()
    loop.poke()
    await settled()
    expect(asked).toHaveLength(before)
  })
})
