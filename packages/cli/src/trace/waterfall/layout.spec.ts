import type { TimelineEntry } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatDuration } from '../duration.ts'
import { attentionTo, consumers, event, hop, letter, order } from '../timeline.fixture.ts'
import { MARGIN, ROW, layOut } from './layout.ts'
import { legendOf } from './legend.ts'
import { rowsOf } from './rows.ts'
import { cellsOf } from '../../terminal/text.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const time = fc.oneof(fc.nat(60), fc.nat(90_000), fc.nat(300_000_000))
const name = fc.oneof(
  fc.constantFrom('fulfillment', 'payments'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }),
)

const anyEvent = fc.tuple(id, time, name).map(([key, ms, type]) => event(key, type, ms))
const anyHop = fc
  .record({
    eventId: id,
    service: name,
    ms: time,
    durationMs: fc.oneof(fc.double({ min: 0, max: 40, noNaN: true }), fc.nat(90_000)),
    outcome: fc.constantFrom('done' as const, 'suppressed' as const, 'retry' as const, 'dead' as const),
    caused: fc.uniqueArray(id, { maxLength: 3 }),
  })
  .map(({ eventId, service, ms, caused, ...more }) =>
    hop(service, eventId, 'order.placed.v1', ms, {
      ...more,
      caused: caused.map((key) => ({ id: key, type: `order.${key}.v1` })),
    }),
  )
const anyLetter = fc
  .tuple(time, id, name)
  .map(([ms, key, service]) => letter(ms, { id: `dl-${key}`, service }))

/** Any order with everything open that can be. */
const anyRows = fc
  .array(fc.oneof(anyEvent, anyHop, anyHop, anyLetter), { minLength: 1, maxLength: 20 })
  .map((entries: TimelineEntry[]) => {
    const timeline = entries.toSorted((a, b) => (a.at < b.at ? -1 : 1))
    const attention = timeline.flatMap((entry) => (entry.kind === 'dead-letter' ? [attentionTo(entry)] : []))
    return rowsOf(order(timeline, { attention }), { consumers })
  })

const NOW = 300_100_000
const laidOut = anyRows.map((rows) => layOut(rows, { top: 100, now: NOW, formatted: formatDuration }))

describe('layOut', () => {
  it('gives every row a band of its own', () => {
    fc.assert(
      fc.property(laidOut, ({ rows, top, bottom }) => {
        const middles = rows.map(({ y }) => y)
        expect(middles).toEqual(middles.map((_, nth) => top + nth * ROW + ROW / 2))
        expect(bottom).toBe(top + rows.length * ROW)
      }),
    )
  })

  it('lets no text of a row reach into the next column', () => {
    fc.assert(
      fc.property(laidOut, ({ rows, columns }) => {
        for (const { name: text, indent, outcome } of rows) {
          expect(indent).toBeGreaterThanOrEqual(MARGIN)
          expect(indent + cellsOf(text) * 7.22).toBeLessThan(columns.outcome)
          expect(columns.outcome + cellsOf(outcome) * 7.22).toBeLessThan(columns.took)
        }
        // The longest length of time.
        expect(columns.took + '23 h 59 min'.length * 7.22).toBeLessThan(columns.chart)
      }),
    )
  })

  it('keeps everything inside the picture', () => {
    fc.assert(
      fc.property(laidOut, ({ rows, columns, right, width, ticks, breaks, now }) => {
        const inside = (from: number, to: number) => {
          expect(from).toBeGreaterThanOrEqual(columns.chart - 1e-6)
          expect(to).toBeLessThanOrEqual(right)
        }
        for (const { bar, gap } of rows) {
          inside(bar.x, bar.x + bar.width)
          if (gap !== undefined) inside(gap.x, gap.x + gap.width)
        }
        for (const { x, text } of ticks) inside(x, x + text.length * 6.1)
        for (const cut of breaks) inside(cut.x, cut.x + cut.width)
        if (now !== undefined) inside(now, now)
        expect(right).toBeLessThan(width)
      }),
    )
  })

  it('lets no attempt reach into the time before the next, nor the text there beyond it', () => {
    fc.assert(
      fc.property(laidOut, ({ rows }) => {
        for (const { bar, gap } of rows) {
          if (gap === undefined) continue
          expect(gap.x).toBeGreaterThanOrEqual(bar.x + bar.width)
          expect(gap.text.length * 6.1).toBeLessThan(gap.width)
        }
      }),
    )
  })

  it('reaches to the present while something waits, and not beyond what happened otherwise', () => {
    const waiting = rowsOf(order([event('e1', 'order.submitted.v1', 0)]), { consumers })
    const over = rowsOf(order([event('e1', 'x.y.v1', 0), event('e2', 'x.z.v1', 40)]), { consumers })
    const place = (rows: typeof over) => layOut(rows, { top: 0, now: 80, formatted: formatDuration })
    expect(place(waiting).now).toBe(place(waiting).columns.chart + 800)
    expect(place(over)).not.toHaveProperty('now')
    expect(place(over).rows[1]?.bar.x).toBe(place(over).columns.chart + 800)
  })

  it('leads an elbow from every row to the one that caused it', () => {
    const caused = [{ id: 'e2', type: 'x.z.v1' }]
    const rows = rowsOf(
      order([event('e1', 'x.y.v1', 0), hop('s', 'e1', 'x.y.v1', 1, { caused }), event('e2', 'x.z.v1', 2)]),
      { consumers },
    )
    const { rows: placed } = layOut(rows, { top: 0, now: 0, formatted: formatDuration })
    expect(placed.map(({ cause }) => cause?.y)).toEqual([undefined, 18, 40])
    expect(placed.map(({ cause }) => cause?.x)).toEqual([undefined, MARGIN + 4, MARGIN + 18])
  })

  it('goes no further to the right than there is room, however long a chain of causes is', () => {
    const chain = Array.from({ length: 90 }, (_, nth) => [
      event(`e${nth}`, 'loop.went.v1', nth),
      hop('s', `e${nth}`, 'loop.went.v1', nth, { caused: [{ id: `e${nth + 1}`, type: 'loop.went.v1' }] }),
    ]).flat()
    const { rows, columns } = layOut(rowsOf(order(chain), { consumers }), {
      top: 0,
      now: 0,
      formatted: formatDuration,
    })
    expect(rows).toHaveLength(181)
    expect(Math.max(...rows.map(({ indent }) => indent))).toBeLessThan(columns.outcome - 90)
    expect(rows.every(({ name: text }) => /^(loop\.went|s\/handle)/.test(text))).toBe(true)
  })
})

describe('legendOf', () => {
  it('explains each service and each mark once, none over another, all inside', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const signs = legendOf(rows, true, { x: MARGIN, y: 50, right: 900 })
        const services = new Set(rows.flatMap(({ service }) => (service === undefined ? [] : [service])))
        expect(signs.filter(({ mark }) => mark === 'done').map(({ text }) => text)).toEqual([...services])
        for (const [nth, { x, y, text }] of signs.entries()) {
          const next = signs[nth + 1]
          const end = x + 26 + cellsOf(text) * 7.22
          if (next !== undefined && next.y === y) expect(end).toBeLessThan(next.x)
          if (x > MARGIN) expect(end).toBeLessThanOrEqual(900)
          if (next !== undefined) expect(next.y).toBeGreaterThanOrEqual(y)
        }
      }),
    )
  })

  it('explains no mark that is not drawn', () => {
    const rows = rowsOf(order([event('e1', 'x.y.v1', 0)]), { consumers })
    expect(legendOf(rows, false, { x: 0, y: 0, right: 900 }).map(({ text }) => text)).toEqual(['event'])
  })
})
