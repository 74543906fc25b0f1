import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import type { BusRecord } from '../bus/bus.ts'
import { gate, settled } from '../flow/eventually.fixture.ts'
import { createKeyDispatcher } from './key-dispatcher.ts'

const recordAt = (key: string | null, offset: number): BusRecord => ({
  topic: 'parcel.ordered.v1',
  partition: 0,
  offset,
  timestamp: 0,
  key,
  headers: {},
  value: null,
})

type Added = { readonly key: string | null; readonly steps: number; readonly dropped: boolean }

const additions = fc.array(
  fc.record({
    key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: null }),
    steps: fc.nat(3),
    dropped: fc.boolean(),
  }),
  { maxLength: 60 },
)

/** Runs the additions, drops the marked ones after `dropAt` of them, and notes what ran when. */
const play = async (added: readonly Added[], concurrency: number, dropAt: number) => {
  const started: number[] = []
  const running = new Set<number>()
  const sameKey: [number, number][] = []
  let peak = 0
  let finishes = 0
  const dispatcher = createKeyDispatcher(concurrency, () => finishes++)
  const run = (offset: number) => async () => {
    const { key, steps } = added[offset] as Added
    for (const other of running) if (key !== null && added[other]?.key === key) sameKey.push([other, offset])
    started.push(offset)
    running.add(offset)
    peak = Math.max(peak, running.size)
    for (let step = 0; step < steps; step++) await Promise.resolve()
    running.delete(offset)
    return undefined
  }
  const startedBeforeDrop = new Set<number>()
  const drop = () => {
    for (const begun of started) startedBeforeDrop.add(begun)
    dispatcher.drop((record) => added[record.offset]?.dropped === true)
  }
  for (const [offset, { key }] of added.entries()) {
    if (offset === dropAt) drop()
    dispatcher.add({ record: recordAt(key, offset), run: run(offset) })
    if (offset % 4 === 0) await Promise.resolve()
  }
  if (dropAt === added.length) drop()
  await settled()
  const expected = [...added.keys()].filter(
    (offset) => offset >= dropAt || !added[offset]?.dropped || startedBeforeDrop.has(offset),
  )
  return { started, sameKey, peak, finishes, expected, size: dispatcher.size() }
}

describe('key dispatcher', () => {
  it('runs everything that is not dropped exactly once, FIFO per key, never more at once than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        additions,
        fc.integer({ min: 1, max: 6 }),
        fc.nat(60),
        async (added, concurrency, at) => {
          const dropAt = Math.min(at, added.length)
          const { started, sameKey, peak, finishes, expected, size } = await play(added, concurrency, dropAt)
          expect(started.toSorted((a, b) => a - b)).toEqual(expected)
          for (const key of ['a', 'b', 'c', 'd', 'e']) {
            const own = started.filter((offset) => added[offset]?.key === key)
            expect(own).toEqual(own.toSorted((a, b) => a - b))
          }
          expect(sameKey).toEqual([])
          expect(peak).toBeLessThanOrEqual(concurrency)
          expect({ finishes, size }).toEqual({ finishes: expected.length, size: 0 })
        },
      ),
    )
  })

  it('uses all the concurrency that it has, and lets a slow key hold up no other', async () => {
    const slow = gate()
    const ran: number[] = []
    const dispatcher = createKeyDispatcher(2, () => undefined)
    dispatcher.add({ record: recordAt('slow', 0), run: () => slow.opened.then(() => undefined) })
    dispatcher.add({ record: recordAt('slow', 1), run: async () => (ran.push(1), undefined) })
    for (const offset of [2, 3, 4]) {
      dispatcher.add({ record: recordAt(`key-${offset}`, offset), run: async () => (ran.push(offset), undefined) })
    }
    await settled()
    expect(ran).toEqual([2, 3, 4])
    expect(dispatcher.size()).toBe(2)
    slow.open()
    await settled()
    expect(ran).toEqual([2, 3, 4, 1])
  })

  it('goes on with a key whose task rejects', async () => {
    const ran: number[] = []
    const dispatcher = createKeyDispatcher(1, () => undefined)
    dispatcher.add({
      record: recordAt('a', 0),
      run: () => Promise.reject(new Error('a fault of the driver')),
    })
    dispatcher.add({ record: recordAt('a', 1), run: async () => (ran.push(1), undefined) })
    await settled()
    expect(ran).toEqual([1])
    expect(dispatcher.size()).toBe(0)
  })

  it('keeps a key closed, and gives its place away, while its task waits to run again', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    try {
      const ran: string[] = []
      const answers = [100, undefined]
      const dispatcher = createKeyDispatcher(1, () => undefined)
      dispatcher.add({ record: recordAt('a', 0), run: async () => (ran.push('a0'), answers.shift()) })
      dispatcher.add({ record: recordAt('a', 1), run: async () => (ran.push('a1'), undefined) })
      dispatcher.add({ record: recordAt('b', 2), run: async () => (ran.push('b2'), undefined) })
      await settled()
      expect(ran).toEqual(['a0', 'b2'])
      expect(dispatcher.size()).toBe(2)
      jest.advanceTimersByTime(100)
      await settled()
      expect(ran).toEqual(['a0', 'b2', 'a0', 'a1'])
      expect(dispatcher.size()).toBe(0)
    } finally {
      jest.useRealTimers()
    }
  })

  it('drops a task that waits to run again', async () => {
    const ran: string[] = []
    const dispatcher = createKeyDispatcher(1, () => undefined)
    dispatcher.add({ record: recordAt('a', 0), run: async () => (ran.push('a0'), 60_000) })
    await settled()
    dispatcher.drop(() => true)
    expect(dispatcher.size()).toBe(0)
    dispatcher.add({ record: recordAt('a', 1), run: async () => (ran.push('a1'), undefined) })
    await settled()
    expect(ran).toEqual(['a0', 'a1'])
  })
})
