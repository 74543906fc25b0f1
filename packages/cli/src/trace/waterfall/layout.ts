import type { Row } from './rows.ts'
import { scaleOf } from './scale.ts'
import type { Stretch, Tick } from './scale.ts'
import { cellsOf, clipped } from '../../terminal/text.ts'

/** A row at its place. Pixels; `y` is the middle of the row. */
export type PlacedRow = {
  readonly row: Row
  readonly y: number
  readonly indent: number
  /** Name and outcome, as much of them as fits. */
  readonly name: string
  readonly outcome: string
  readonly bar: Stretch
  /** The time until the next attempt, with how long that was where there is room to say so. */
  readonly gap?: Stretch & { readonly text: string }
  /** Where the elbow begins that leads here from the row that caused it. */
  readonly cause?: { readonly x: number; readonly y: number }
}

/** Where the columns begin, in pixels. */
type Columns = {
  readonly name: number
  readonly outcome: number
  readonly took: number
  readonly chart: number
}

/** A waterfall with everything at its place. */
export type Layout = {
  readonly rows: readonly PlacedRow[]
  readonly columns: Columns
  readonly top: number
  readonly bottom: number
  readonly width: number
  /** Where lines that are open to the right end. */
  readonly right: number
  readonly breaks: readonly Stretch[]
  readonly ticks: readonly Tick[]
  /** Where the present is, while anything waits. */
  readonly now?: number
}

/** Pixels of the picture's parts. */
export const MARGIN = 24
export const ROW = 22
/** Width of a Latin letter in rows, and in the small letters of the chart. */
const LETTER = 7.3
const SMALL_LETTER = 6.2
const INDENT = 14
/** Rows further down are not drawn further to the right. */
const MOST_INDENTS = 12
const COLUMN_GAP = 18
const MOST_NAME = 430
const MOST_OUTCOME = 260
const TOOK = 84
const CHART = 800
/** Room at the right for the last time at the axis, and for lines that are open. */
const OPEN = 104
const LEAST_BAR = 3

const roomOf = (text: string): number => Math.ceil(cellsOf(text) * LETTER)

const indentOf = ({ depth }: Row): number => Math.min(depth, MOST_INDENTS) * INDENT

const columnsOf = (rows: readonly Row[]): Columns => {
  const names = Math.min(MOST_NAME, Math.max(80, ...rows.map((row) => indentOf(row) + roomOf(row.name))))
  const outcomes = Math.min(MOST_OUTCOME, Math.max(60, ...rows.map(({ outcome }) => roomOf(outcome))))
  const outcome = MARGIN + names + COLUMN_GAP
  const took = outcome + outcomes + COLUMN_GAP
  return { name: MARGIN, outcome, took, chart: took + TOOK + COLUMN_GAP }
}

const fitted = (text: string, room: number): string => clipped(text, Math.floor(room / LETTER))

/**
 * Puts rows to their places.
 *
 * @param top - where the first row begins, in pixels.
 * @param now - milliseconds since the order's first fact.
 * @param formatted - a length of time for people.
 */
export const layOut = (
  rows: readonly Row[],
  { top, now, formatted }: { top: number; now: number; formatted: (ms: number) => string },
): Layout => {
  const columns = columnsOf(rows)
  const last = Math.max(0, ...rows.map(({ to }) => to))
  const isOpen = rows.some((row) => row.isOpen)
  const end = isOpen ? Math.max(last, now) : last
  const scale = scaleOf(rows, end, CHART)
  const placeOf = (ms: number) => columns.chart + scale.place(ms)
  const middleOf = (nth: number) => top + nth * ROW + ROW / 2

  const barOf = ({ from, to }: Row): Stretch => {
    const x = placeOf(from)
    return { x, width: Math.max(LEAST_BAR, placeOf(to) - x) }
  }

  const gapOf = (bar: Stretch, { to, nextFrom }: Row): PlacedRow['gap'] => {
    if (nextFrom === undefined) return undefined
    const x = bar.x + bar.width
    const width = placeOf(nextFrom) - x
    const text = formatted(nextFrom - to)
    return width <= 0 ? undefined : { x, width, text: cellsOf(text) * SMALL_LETTER + 8 < width ? text : '' }
  }

  const causeOf = ({ parent, depth }: Row): PlacedRow['cause'] => {
    const above = parent === undefined ? undefined : rows[parent]
    if (above === undefined || parent === undefined || depth > MOST_INDENTS) return undefined
    return { x: columns.name + indentOf(above) + 4, y: middleOf(parent) + 7 }
  }

  const place = (row: Row, nth: number): PlacedRow => {
    const bar = barOf(row)
    const gap = gapOf(bar, row)
    const cause = causeOf(row)
    const indent = columns.name + indentOf(row)
    return {
      row,
      y: middleOf(nth),
      indent,
      name: fitted(row.name, columns.outcome - COLUMN_GAP - indent),
      outcome: fitted(row.outcome, columns.took - COLUMN_GAP - columns.outcome),
      bar,
      ...(gap && { gap }),
      ...(cause && { cause }),
    }
  }

  const right = columns.chart + CHART + OPEN
  const moved = <T extends { readonly x: number }>(one: T): T => ({ ...one, x: one.x + columns.chart })
  return {
    rows: rows.map(place),
    columns,
    top,
    bottom: top + rows.length * ROW,
    width: right + MARGIN,
    right,
    breaks: scale.breaks.map(moved),
    ticks: scale.ticks.map(moved),
    ...(isOpen && { now: placeOf(end) }),
  }
}
