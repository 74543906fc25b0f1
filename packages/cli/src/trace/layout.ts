import type { Paint } from '../terminal/paint.ts'
import { formatDuration } from './duration.ts'

/** A line of the tree before its time column is laid out. */
export type Line = { readonly at?: string; readonly indent: string; readonly text: string }

/** A line with what hangs below it, given the indent there. */
export type Branch = {
  readonly at?: string
  readonly text: string
  readonly below?: (indent: string) => readonly Line[]
}

/** Hangs branches below an indent: `├─` and `└─`, continued by `│` where more follow. */
export const hang = (branches: readonly Branch[], indent: string): readonly Line[] =>
  branches.flatMap(({ at, text, below }, index) => {
    const last = index === branches.length - 1
    const line: Line = { indent: `${indent}${last ? '└─ ' : '├─ '}`, text, ...(at !== undefined && { at }) }
    return [line, ...(below?.(`${indent}${last ? '   ' : '│  '}`) ?? [])]
  })

/** Attempts shown of one handling: the first and the latest. */
const SHOWN_FIRST = 1
const SHOWN_LAST = 3

/** A long list without its middle; the number stands for what was left out. */
export const cutMiddle = <T>(all: readonly T[]): readonly (T | number)[] => {
  const hidden = all.length - SHOWN_FIRST - SHOWN_LAST
  return hidden > 1 ? [...all.slice(0, SHOWN_FIRST), hidden, ...all.slice(-SHOWN_LAST)] : all
}

/** Puts the time since `start` in front of each line. */
export const layOut = (lines: readonly Line[], start: string, paint: Paint): readonly string[] => {
  const times = lines.map(({ at }) =>
    at === undefined ? '' : `+${formatDuration(Math.max(0, Date.parse(at) - Date.parse(start)))}`,
  )
  const width = Math.max(0, ...times.map((time) => time.length))
  return lines.map(
    ({ indent, text }, index) =>
      `  ${paint.dim((times[index] ?? '').padStart(width))}  ${paint.dim(indent)}${text}`,
  )
}
