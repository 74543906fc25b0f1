import { formatDuration } from '../duration.ts'

/** A stretch of time in which something ran; a point where both ends are the same. Milliseconds. */
export type Span = { readonly from: number; readonly to: number }

/** Where something starts and ends in the picture. */
export type Stretch = { readonly x: number; readonly width: number }

/** A time written at the axis. */
export type Tick = { readonly x: number; readonly text: string }

/** How times become places: true to scale, but for long times in which nothing happened, which are cut short. */
export type Scale = {
  /** The place of a time in pixels, 0 to the scale's width. */
  place(ms: number): number
  /** Where a long time was cut short. */
  readonly breaks: readonly Stretch[]
  readonly ticks: readonly Tick[]
}

/** Pixels that a time takes in which nothing happened, once it was cut short. */
const BREAK = 74
/** Most times that are cut short: the longest. */
const MOST_BREAKS = 6
/** Share of the time left from which on an idle time is cut short. */
const LONG = 0.25
/** Pixels between two ticks; as much as the longest time written at the axis takes. */
const TICK_ROOM = 74

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Ticks stand at round times: multiples of one of these, in milliseconds. */
const STEPS = [
  ...[0.1, 1, 10, 100].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((days) => days * DAY),
]

/** Times in which nothing ran and nothing happened, between 0 and the end. */
const idleTimes = (spans: readonly Span[], end: number): readonly Span[] => {
  const idle: Span[] = []
  let last = 0
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > last) idle.push({ from: last, to: from })
    last = Math.max(last, to)
  }
  return end > last ? [...idle, { from: last, to: end }] : idle
}

const lengthOf = ({ from, to }: Span): number => to - from

/** The longest idle times, as long as each is a good part, and not all, of what would be left without those before it. */
const cutTimes = (spans: readonly Span[], end: number): readonly Span[] => {
  let left = end
  const cut = idleTimes(spans, end)
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, MOST_BREAKS)
    .filter((idle) => {
      const isLong = lengthOf(idle) > LONG * left && lengthOf(idle) < left
      if (isLong) left -= lengthOf(idle)
      return isLong
    })
  return cut.toSorted((a, b) => a.from - b.from)
}

type Piece = Span & Stretch & { readonly isCut: boolean }

/** The whole time in pieces, true to scale and cut short by turns. */
const piecesOf = (cut: readonly Span[], end: number, width: number): readonly Piece[] => {
  const bounds = [...cut.flatMap(({ from, to }) => [from, to]), end]
  const times = bounds.map((to, nth) => ({ from: bounds[nth - 1] ?? 0, to, isCut: nth % 2 === 1 }))
  const shown = times.reduce((sum, time) => (time.isCut ? sum : sum + lengthOf(time)), 0)
  const room = width - cut.length * BREAK
  const share = (time: Span) => (shown > 0 ? lengthOf(time) / shown : 0)
  let x = 0
  return times.map((time) => {
    const piece = { ...time, x, width: time.isCut ? BREAK : share(time) * room }
    x += piece.width
    return piece
  })
}

const placeIn = (pieces: readonly Piece[], ms: number): number => {
  const piece = pieces.find(({ to }) => ms <= to) ?? pieces.at(-1)
  if (piece === undefined) return 0
  const share = piece.to > piece.from ? (ms - piece.from) / (piece.to - piece.from) : 0
  return piece.x + Math.min(1, Math.max(0, share)) * piece.width
}

/** Round times within a piece, no more of them than there is room for. */
const roundTimes = ({ from, to, width }: Piece): readonly number[] => {
  const least = ((to - from) / width) * TICK_ROOM
  if (width < TICK_ROOM) return []
  const step = STEPS.find((one) => one >= least)
  if (step === undefined) return []
  const first = Math.floor(from / step) + 1
  const count = Math.max(0, Math.ceil(to / step) - first)
  return Array.from({ length: count }, (_, nth) => (first + nth) * step)
}

const tickOf = (pieces: readonly Piece[], ms: number): Tick => ({
  x: placeIn(pieces, ms),
  text: `+${formatDuration(ms)}`,
})

const ticksOf = (pieces: readonly Piece[]): readonly Tick[] =>
  pieces
    .filter(({ isCut }) => !isCut)
    .flatMap((piece) => [piece.from, ...roundTimes(piece)])
    .map((ms) => tickOf(pieces, ms))
    .reduce<readonly Tick[]>((kept, tick) => {
      const last = kept.at(-1)
      const fits = last === undefined || (tick.x - last.x >= TICK_ROOM && tick.text !== last.text)
      return fits ? [...kept, tick] : kept
    }, [])

/**
 * Makes the scale of a picture.
 *
 * @param spans - what happened, in milliseconds since the start; not negative.
 * @param end - the latest time to be shown, in milliseconds.
 * @param width - pixels.
 */
export const scaleOf = (spans: readonly Span[], end: number, width: number): Scale => {
  const pieces = piecesOf(cutTimes(spans, end), end, width)
  return {
    place: (ms) => placeIn(pieces, ms),
    breaks: pieces.filter(({ isCut }) => isCut).map((piece) => ({ x: piece.x, width: piece.width })),
    ticks: ticksOf(pieces),
  }
}
