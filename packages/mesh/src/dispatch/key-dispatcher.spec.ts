import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BusRecord } from '../bus/bus.ts'
import { eventually, gate, settled } from '../flow/eventually.fixture.ts'
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

type Added = {
  readonly key: string | null
  readonly steps: number
  readonly dropped: boolean
  /** How often it asks to run again. */
  readonly again: number
}

const additions = fc.array(
  fc.record({
    key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: null }),
    steps: fc.nat(3),
    dropped: fc.boolean(),
    again: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(2)),
  }),
  { maxLength: 60 },
)

/** Runs the additions, drops the marked ones after `dropAt` of them, and notes what ran when. */
const play = async (added: readonly Added[], concurrency: number, dropAt: number) => {
  const finished: number[] = []
  const running = new Set<number>()
  const dropped = new Set<number>()
  const faults: string[] = []
  let peak = 0
  let finishes = 0
  const dispatcher = createKeyDispatcher(
    () => concurrency,
    () => finishes++,
  )
  const run = (offset: number) => {
    const { key, steps, again } = added[offset] as Added
    let runs = 0
    return async () => {
      for (const other of running)
        if (key !== null && added[other]?.key === key) faults.push(`${other} with ${offset}`)
      if (dropped.has(offset)) faults.push(`${offset} after it was dropped`)
      running.add(offset)
      peak = Math.max(peak, running.size)
      for (let step = 0; step < steps; step++) await Promise.resolve()
      running.delete(offset)
      if (runs++ < again) return 0
      finished.push(offset)
      return undefined
    }
  }
  const drop = () =>
    dispatcher.drop(({ offset }) => {
      if (added[offset]?.dropped) dropped.add(offset)
      return dropped.has(offset)
    })
  for (const [offset, { key }] of added.entries()) {
    if (offset === dropAt) drop()
    dispatcher.add({ record: recordAt(key, offset), run: run(offset) })
    if (offset % 4 === 0) await settled()
  }
  if (dropAt === added.length) drop()
  await eventually('all to be finished', () => dispatcher.size() === 0)
  return { finished, dropped, faults, peak, finishes }
}

describe('key dispatcher', () => {
  it('finishes everything that is not dropped exactly once, FIFO per key, never more at once than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        additions,
        fc.integer({ min: 1, max: 6 }),
        fc.nat(60),
        async (added, concurrency, at) => {
          const { finished, dropped, faults, peak, finishes } = await play(
            added,
            concurrency,
            Math.min(at, added.length),
          )
          expect(faults).toEqual([])
          const kept = [...added.keys()].filter((offset) => !dropped.has(offset))
          expect(finished.toSorted((a, b) => a - b)).toEqual(kept)
          for (const key of ['a', 'b', 'c', 'd', 'e']) {
            const own = finished.filter((offset) => added[offset]?.key === key)
            expect(own).toEqual(own.toSorted((a, b) => a - b))
          }
          expect(peak).toBeLessThanOrEqual(concurrency)
          expect(finishes).toBe(kept.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  const noting = (ran: number[], offset: number) => async () => {
    ran.push(offset)
    return undefined
  }

  it('uses all the concurrency that it has, and lets a slow key hold up no other', async () => {
    const slow = gate()
    const ran: number[] = []
    const dispatcher = createKeyDispatcher(
      () => 2,
      () => undefined,
    )
    dispatcher.add({ record: recordAt('slow', 0), run: () => slow.opened.then(() => undefined) })
    dispatcher.add({ record: recordAt('slow', 1), run: noting(ran, 1) })
    for (const offset of [2, 3, 4])
      dispatcher.add({ record: recordAt(`key-${offset}`, offset), run: noting(ran, offset) })
    await settled()
    expect(ran).toEqual([2, 3, 4])
    expect(dispatcher.size()).toBe(2)
    slow.open()
    await settled()
    expect(ran).toEqual([2, 3, 4, 1])
    expect(dispatcher.size()).toBe(0)
  })

  it('asks before each start how many keys it may handle at once, and always goes on with one', async () => {
    let limit = 1
    let running = 0
    const peaks: number[] = []
    const dispatcher = createKeyDispatcher(
      () => limit,
      () => undefined,
    )
    const run = async () => {
      peaks.push(++running)
      await settled()
      running--
      if (peaks.length === 4) limit = 3
      return undefined
    }
    for (let offset = 0; offset < 12; offset++)
      dispatcher.add({ record: recordAt(`key-${offset}`, offset), run })
    await eventually('all', () => dispatcher.size() === 0)
    expect(Math.max(...peaks.slice(0, 4))).toBe(1)
    expect(Math.max(...peaks)).toBe(3)
  })

  it('gives the place of a task that pauses to other keys, but not its turn', async () => {
    const ran: number[] = []
    let tries = 0
    const dispatcher = createKeyDispatcher(
      () => 1,
      () => undefined,
    )
    dispatcher.add({
      record: recordAt('a', 0),
      run: async () => (ran.push(0), tries++ === 0 ? 20 : undefined),
    })
    dispatcher.add({ record: recordAt('a', 1), run: noting(ran, 1) })
    dispatcher.add({ record: recordAt('b', 2), run: noting(ran, 2) })
    await settled()
    expect(ran).toEqual([0, 2])
    await eventually('the rest', () => ran.length === 4)
    expect(ran).toEqual([0, 2, 0, 1])
  })

  it('goes on with a key whose task rejects', async () => {
    const ran: number[] = []
    const dispatcher = createKeyDispatcher(
      () => 1,
      () => undefined,
    )
    dispatcher.add({
      record: recordAt('a', 0),
      run: () => Promise.reject(new Error('a fault of the driver')),
    })
    dispatcher.add({ record: recordAt('a', 1), run: noting(ran, 1) })
    await settled()
    expect(ran).toEqual([1])
    expect(dispatcher.size()).toBe(0)
  })
})
