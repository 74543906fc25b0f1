import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createOffsetTracker } from './offset-tracker.ts'

/** Rising offsets with gaps, and an order in which they finish; some never do. */
const history = fc
  .array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 200 })
  .map((steps) => steps.reduce<number[]>((offsets, step) => [...offsets, (offsets.at(-1) ?? -1) + step], []))
  .chain((offsets) => fc.record({ offsets: fc.constant(offsets), finishes: fc.shuffledSubarray(offsets) }))

/** What may be committed, worked out anew: one past the last of those finished before the first that is not. */
const naive = (received: readonly number[], finished: ReadonlySet<number>): number | undefined => {
  const open = received.findIndex((offset) => !finished.has(offset))
  const last = received[(open === -1 ? received.length : open) - 1]
  return last === undefined ? undefined : last + 1
}

describe('offset tracker', () => {
  it('has nothing to commit before the first record is finished', () => {
    const tracker = createOffsetTracker()
    expect(tracker.committable()).toBeUndefined()
    tracker.receive(5, 0)
    expect(tracker.committable()).toBeUndefined()
    tracker.finish(5)
    expect(tracker.committable()).toBe(6)
  })

  it('never commits past a record that is not finished', () => {
    const tracker = createOffsetTracker()
    for (const offset of [0, 1, 2, 3]) tracker.receive(offset, 0)
    tracker.finish(1)
    tracker.finish(3)
    expect(tracker.committable()).toBeUndefined()
    expect([tracker.pending(), tracker.span()]).toEqual([2, 4])
    tracker.finish(0)
    expect(tracker.committable()).toBe(2)
    expect([tracker.pending(), tracker.span()]).toEqual([1, 2])
    tracker.finish(2)
    expect(tracker.committable()).toBe(4)
    expect([tracker.pending(), tracker.span()]).toEqual([0, 0])
  })

  it('invents no offset inside a gap', () => {
    const tracker = createOffsetTracker()
    tracker.receive(10, 0)
    tracker.receive(500, 0)
    tracker.finish(10)
    expect(tracker.committable()).toBe(11)
  })

  it('agrees with a naive model after every step, whatever finishes when', () => {
    fc.assert(
      fc.property(history, fc.nat(), ({ offsets, finishes }, seed) => {
        const tracker = createOffsetTracker()
        const received: number[] = []
        const finished = new Set<number>()
        const waiting = [...offsets]
        const receiveUpTo = (offset: number) => {
          while (waiting[0] !== undefined && (waiting[0] <= offset || (received.length + seed) % 3 === 0)) {
            const next = waiting.shift() as number
            tracker.receive(next, 0)
            received.push(next)
          }
        }
        for (const offset of finishes) {
          receiveUpTo(offset)
          tracker.finish(offset)
          finished.add(offset)
          expect(tracker.committable()).toBe(naive(received, finished))
          expect(tracker.pending()).toBe(received.length - finished.size)
        }
      }),
    )
  })

  it('forgets what is finished: long runs keep the same answers', () => {
    const tracker = createOffsetTracker()
    for (let offset = 0; offset < 5_000; offset++) {
      tracker.receive(offset * 2, 0)
      if (offset % 7 !== 0) tracker.finish(offset * 2)
    }
    for (let offset = 0; offset < 5_000; offset += 7) tracker.finish(offset * 2)
    expect(tracker.committable()).toBe(9_999)
    expect(tracker.pending()).toBe(0)
  })
})
