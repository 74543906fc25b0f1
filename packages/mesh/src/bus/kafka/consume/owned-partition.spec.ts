import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import type { BusRecord } from '../../bus.ts'
import type { Fetched } from './log-requests.ts'
import { createOwnedPartition, type OwnedPartition } from './owned-partition.ts'
import type { FetchedMessage } from './record.ts'

const PLACE = { topic: 'parcel.ordered.v1', partition: 1 }

const message = (offset: number, key = `k${offset}`): FetchedMessage => ({
  offset: `${offset}`,
  timestamp: `${1_000 + offset}`,
  key: Buffer.from(key),
  value: Buffer.from('x'),
})

const fetched = (messages: readonly FetchedMessage[]): Fetched => ({
  ...PLACE,
  refusal: undefined,
  messages,
  aborted: [],
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => message(from + at))

type Handle = (record: BusRecord, signal: AbortSignal) => Promise<void>

const open = (handle: Handle, { window = 4, concurrency = 16 } = {}) => {
  let alive = true
  const dispatcher = createKeyDispatcher(
    () => concurrency,
    () => {},
  )
  const partition: OwnedPartition = createOwnedPartition(PLACE, {
    dispatcher,
    handle,
    window,
    mayStart: () => alive,
    onFinish: () => setImmediate(() => partition.fill()),
  })
  return { partition, dispatcher, die: () => (alive = false) }
}

const begun = (handle: Handle, options?: Parameters<typeof open>[1]) => {
  const parts = open(handle, options)
  parts.partition.start(0, undefined)
  return parts
}

afterEach(() => {
  jest.restoreAllMocks()
})

describe('an owned partition', () => {
  it('hands out no more unfinished records than its window, and the rest in order as room comes', async () => {
    const held = gate()
    const seen: number[] = []
    const { partition } = begun(async ({ offset }) => {
      seen.push(offset)
      await held.opened
    })
    expect(partition.accept(0, fetched(range(0, 20)))).toBe(true)
    partition.fill()
    await settled()
    expect(seen).toEqual([0, 1, 2, 3])
    expect(partition.pending()).toBe(4)
    expect(partition.buffered()).toBeGreaterThan(16 * 100)
    expect(partition.position()).toBe(20)
    held.open()
    await eventually('all', () => seen.length === 20)
    expect(seen).toEqual([...seen.keys()])
    await eventually('nothing in hand', () => partition.pending() === 0)
    expect(partition.buffered()).toBe(0)
    expect(partition.news()).toBe(20)
  })

  it('stops ten thousand records after one that keeps failing, however many of them are finished', async () => {
    const slow = gate()
    const seen: number[] = []
    const { partition } = begun(
      async ({ offset }) => {
        seen.push(offset)
        if (offset === 3) await slow.opened
      },
      { window: 1_000, concurrency: 1_000 },
    )
    partition.accept(0, fetched(range(0, 12_000)))
    partition.fill()
    await eventually('the bound', () => seen.length === 10_003 && partition.pending() === 1)
    await settled()
    expect(seen).toHaveLength(10_003)
    expect(partition.news()).toBe(3)
    slow.open()
    await eventually('all', () => partition.news() === 12_000)
  })

  it('takes nothing that is not what it reads next: an answer may be older than a start', async () => {
    const seen: number[] = []
    const { partition } = open(async ({ offset }) => void seen.push(offset))
    expect(partition.accept(0, fetched(range(0, 3)))).toBe(false)
    partition.start(5, 5)
    expect(partition.accept(0, fetched(range(0, 3)))).toBe(false)
    expect(partition.accept(5, fetched(range(3, 8)))).toBe(true)
    expect(partition.accept(5, fetched(range(3, 8)))).toBe(false)
    partition.fill()
    await settled()
    expect(seen).toEqual([5, 6, 7])
  })

  it('commits nothing past what is not finished, and nothing twice', async () => {
    const slow = gate()
    const { partition } = begun(async ({ offset }) => {
      if (offset === 2) await slow.opened
    })
    partition.accept(0, fetched(range(0, 4)))
    partition.fill()
    await settled()
    expect(partition.news()).toBe(2)
    expect(partition.oldest()).toBe(1_002)
    partition.committed(2)
    expect(partition.news()).toBeUndefined()
    slow.open()
    await settled()
    expect(partition.news()).toBe(4)
    partition.committed(4)
    expect(partition.news()).toBeUndefined()
    expect(partition.oldest()).toBeUndefined()
  })

  it('counts what is nobody’s record as finished once everything before it is', async () => {
    const held = gate()
    const { partition } = begun(() => held.opened)
    const end = { ...message(2), isControlRecord: true }
    partition.accept(0, fetched([message(0), message(1), end]))
    partition.fill()
    expect(partition.news()).toBeUndefined()
    held.open()
    await settled()
    expect(partition.news()).toBe(3)
  })

  it('skips an answer of nobody’s records, but commits nothing before it has finished a record', () => {
    const { partition } = begun(async () => {})
    expect(partition.accept(0, fetched([{ ...message(0), isControlRecord: true }]))).toBe(true)
    expect(partition.position()).toBe(1)
    expect(partition.news()).toBeUndefined()
  })

  it('brings a record again whose handler rejects or throws, and its key waits', async () => {
    const seen: number[] = []
    const { partition } = begun((record) => {
      seen.push(record.offset)
      if (seen.length === 1) throw new Error('before there is a promise')
      return seen.length === 3 ? Promise.reject(new Error('later')) : Promise.resolve()
    })
    partition.accept(0, fetched([message(0, 'a'), message(1, 'a'), message(2, 'b')]))
    partition.fill()
    await eventually('all', () => partition.news() === 3)
    expect(seen).toEqual([0, 2, 0, 0, 1])
  })

  it('when it drains: starts nothing more, waits for what runs, keeps its signal silent, and commits that', async () => {
    const held = gate()
    const seen: [number, AbortSignal][] = []
    const { partition, dispatcher } = begun(async ({ offset }, signal) => {
      seen.push([offset, signal])
      await held.opened
    })
    partition.accept(0, fetched([message(0, 'a'), message(1, 'a'), message(2, 'b'), message(3, 'b')]))
    partition.fill()
    let drained = false
    const draining = partition.drain(60_000).then(() => (drained = true))
    const again = partition.drain(60_000)
    await settled()
    expect(drained).toBe(false)
    expect(dispatcher.size()).toBe(2)
    expect(partition.accept(4, fetched(range(4, 6)))).toBe(false)
    held.open()
    await Promise.all([draining, again])
    expect(seen.map(([offset]) => offset)).toEqual([0, 2])
    expect(seen.every(([, signal]) => !signal.aborted)).toBe(true)
    expect(partition.news()).toBe(1)
    expect(dispatcher.size()).toBe(0)
  })

  it('when it drains: commits nothing past what was fetched and forgotten without being handed out', async () => {
    const { partition } = begun(async () => {})
    partition.accept(0, fetched(range(0, 3)))
    partition.fill()
    await eventually('all finished', () => partition.news() === 3)
    // The answer has come, and the share that takes the partition away comes before the records are handed out.
    partition.accept(3, fetched(range(3, 6)))
    await partition.drain(1_000)
    expect(partition.news()).toBe(3)
  })

  it('when it drains: waits for what is done for it beside its records, and lets nobody begin more', async () => {
    const { partition } = begun(async () => {})
    const hold = partition.hold()
    let drained = false
    const draining = partition.drain(60_000).then(() => (drained = true))
    await settled()
    expect(drained).toBe(false)
    expect(hold?.signal.aborted).toBe(false)
    expect(partition.hold()).toBeUndefined()
    hold?.release()
    await draining
    partition.abort()
    expect(hold?.signal.aborted).toBe(true)
    expect(partition.hold()).toBeUndefined()
  })

  it('drains no longer than its grace', async () => {
    const { partition } = begun(() => new Promise(() => {}))
    partition.accept(0, fetched([message(0)]))
    partition.fill()
    await partition.drain(5)
    expect(partition.news()).toBeUndefined()
  })

  it('does not try again what fails while it drains', async () => {
    const held = gate()
    let tries = 0
    const { partition, dispatcher } = begun(async () => {
      tries++
      await held.opened
      throw new Error('the store is down')
    })
    partition.accept(0, fetched([message(0)]))
    partition.fill()
    const draining = partition.drain(60_000)
    held.open()
    await draining
    await settled()
    expect(dispatcher.size()).toBe(0)
    expect(tries).toBe(1)
    expect(partition.news()).toBeUndefined()
  })

  it('when it aborts: what runs is told at once, and what it still finishes counts for nothing', async () => {
    const held = gate()
    const signals: AbortSignal[] = []
    const { partition } = begun(async (_record, signal) => {
      signals.push(signal)
      await held.opened
    })
    partition.accept(0, fetched(range(0, 3)))
    partition.fill()
    const draining = partition.drain(60_000)
    partition.abort()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])
    await draining
    held.open()
    await settled()
    expect(partition.news()).toBeUndefined()
    expect(partition.aborted()).toBe(true)
  })

  it('asks before each record whether it may start it', async () => {
    const first = gate()
    const seen: number[] = []
    const { partition, die } = begun(async ({ offset }) => {
      seen.push(offset)
      await first.opened
    })
    partition.accept(0, fetched([message(0, 'a'), message(1, 'a')]))
    partition.fill()
    die()
    first.open()
    await settled()
    expect(seen).toEqual([0])
  })
})
