import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { scaleOf } from './scale.ts'
import type { Span } from './scale.ts'

const WIDTH = 800

const anySpan = fc
  .tuple(
    fc.oneof(fc.nat(50), fc.nat(10_000), fc.nat(300_000_000)),
    fc.oneof(fc.constant(0), fc.double({ min: 0, max: 90, noNaN: true }), fc.nat(60_000)),
  )
  .map(([from, length]): Span => ({ from, to: from + length }))
const anySpans = fc.array(anySpan, { maxLength: 30 })
const endOf = (spans: readonly Span[]) => Math.max(0, ...spans.map(({ to }) => to))

describe('scaleOf', () => {
  it('is true to scale where something always happens', () => {
    const { place, breaks, ticks } = scaleOf(
      [
        { from: 0, to: 20 },
        { from: 24, to: 40 },
      ],
      40,
      WIDTH,
    )
    expect([0, 10, 20, 40].map(place)).toEqual([0, 200, 400, 800])
    expect(breaks).toEqual([])
    expect(ticks).toEqual([0, 5, 10, 15, 20, 25, 30, 35].map((ms) => ({ x: ms * 20, text: `+${ms} ms` })))
  })

  it('cuts long times short in which nothing happened, so that short attempts can be seen', () => {
    const attempts = [0, 1_000, 3_000, 7_000].map((from) => ({ from, to: from + 30 }))
    const { place, breaks, ticks } = scaleOf(attempts, 7_030, WIDTH)
    expect(breaks).toHaveLength(3)
    for (const { from, to } of attempts) expect(place(to) - place(from)).toBeGreaterThan(100)
    expect(ticks.filter(({ text }) => !text.endsWith('ms'))).toEqual([
      { x: place(1_000), text: '+1 s' },
      { x: place(3_000), text: '+3 s' },
      { x: place(7_000), text: '+7 s' },
    ])
  })

  it('does not cut what is all there is', () => {
    const { place, breaks } = scaleOf([{ from: 0, to: 0 }], 90_000, WIDTH)
    expect([breaks, place(45_000)]).toEqual([[], 400])
  })

  it('stands still where no time passed', () => {
    expect(scaleOf([], 0, WIDTH)).toMatchObject({ breaks: [], ticks: [{ x: 0, text: '+0 ms' }] })
    expect(scaleOf([], 0, WIDTH).place(0)).toBe(0)
  })

  it('keeps the order of times and the width, whatever happened', () => {
    fc.assert(
      fc.property(anySpans, fc.nat(1_000_000_000), (spans, after) => {
        const end = endOf(spans) + after
        const { place } = scaleOf(spans, end, WIDTH)
        const places = [0, ...spans.flatMap(({ from, to }) => [from, to]), end]
          .toSorted((a, b) => a - b)
          .map(place)
        expect(places[0]).toBe(0)
        for (const [nth, x] of places.entries())
          expect(x).toBeGreaterThanOrEqual((places[nth - 1] ?? 0) - 1e-6)
        expect(places.at(-1)).toBeLessThanOrEqual(WIDTH + 1e-6)
        if (end > 0) expect(places.at(-1)).toBeGreaterThan(WIDTH - 1e-6)
      }),
    )
  })

  it('cuts nothing that happened, and few times', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { place, breaks } = scaleOf(spans, endOf(spans), WIDTH)
        expect(breaks.length).toBeLessThanOrEqual(6)
        for (const { from, to } of spans)
          for (const cut of breaks)
            expect(place(from) < cut.x + cut.width - 1e-6 && place(to) > cut.x + 1e-6).toBe(false)
      }),
    )
  })

  it('writes no time over another', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { ticks } = scaleOf(spans, endOf(spans), WIDTH)
        for (const [nth, tick] of ticks.entries()) {
          const before = ticks[nth - 1]
          if (before === undefined) continue
          expect(tick.x - before.x).toBeGreaterThanOrEqual(before.text.length * 6.1)
          expect(tick.text).not.toBe(before.text)
        }
      }),
    )
  })
})
