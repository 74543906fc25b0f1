import type { Mark, Row } from './rows.ts'
import { cellsOf } from '../../terminal/text.ts'

/** Told apart also by people who see few colours, and dark enough on white. */
const COLOURS = ['#0072b2', '#c2530a', '#00795a', '#9b4f8a', '#7a6200', '#3d6f9e', '#6a4bb0', '#555555']

/** What is drawn for nobody in particular. */
export const NEUTRAL = '#334a5e'

/** A colour for each service, in the order in which they come up. Beyond eight they come again: the rows have names too. */
export const coloursOf = (rows: readonly Row[]): ReadonlyMap<string, string> => {
  const services = [...new Set(rows.flatMap(({ service }) => (service === undefined ? [] : [service])))]
  return new Map(services.map((service, nth) => [service, COLOURS[nth % COLOURS.length] ?? NEUTRAL]))
}

/** One sign of the legend and its place. `cut`: a long time that was cut short. */
export type Sign = {
  readonly text: string
  readonly mark: Mark | 'cut'
  readonly colour: string
  readonly x: number
  readonly y: number
}

/** What the marks mean, in the order in which they are explained. */
const MEANINGS: readonly (readonly [Sign['mark'], string])[] = [
  ['event', 'event'],
  ['suppressed', 'suppressed: nothing to do'],
  ['retry', 'retry: tried again'],
  ['dead', 'dead: a person must look'],
  ['dead-letter', 'dead letter'],
  ['pending', 'waits'],
  ['cut', 'nothing happened: cut short'],
]

const LETTER = 7.3
/** Room for the mark, and between two signs. */
const MARK = 30
const GAP = 22
const LINE = 20

/**
 * Signs for the services and marks that are drawn, in as many lines as they take.
 *
 * @param isCut - whether a long time was cut short.
 */
export const legendOf = (
  rows: readonly Row[],
  isCut: boolean,
  { x: left, y: top, right }: { x: number; y: number; right: number },
): readonly Sign[] => {
  const marksOf = ({ mark, isOpen }: Row): readonly Sign['mark'][] => (isOpen ? [mark, 'pending'] : [mark])
  const used = new Set<Sign['mark']>([...rows.flatMap(marksOf), ...(isCut ? ['cut' as const] : [])])
  const services = [...coloursOf(rows)].map(([text, colour]) => ({ text, mark: 'done' as const, colour }))
  const marks = MEANINGS.filter(([mark]) => used.has(mark)).map(([mark, text]) => ({
    text,
    mark,
    colour: NEUTRAL,
  }))
  let [x, y] = [left, top]
  return [...services, ...marks].map((sign) => {
    const width = MARK + Math.ceil(cellsOf(sign.text) * LETTER)
    if (x > left && x + width > right) {
      x = left
      y += LINE
    }
    const placed = { ...sign, x, y }
    x += width + GAP
    return placed
  })
}
