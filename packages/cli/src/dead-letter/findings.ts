import type { Finding } from '@commerce-mesh/contracts'
import { harmless } from '../terminal/text.ts'

/** Where lines end, for a terminal of the usual width. */
export const WIDTH = 100

/** Paths up to this long stand beside their message. */
const PATH_WIDTH = 32

/** What comes from a record, as a terminal may be given it: no control characters, and no longer than this. */
export const printable = (text: string, most = 255): string => {
  const plain = harmless(text)
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

const wrapped = (text: string, width: number): readonly string[] =>
  text.split(' ').reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1)
    return last === undefined || last.length + 1 + word.length > width
      ? [...lines, word]
      : [...lines.slice(0, -1), `${last} ${word}`]
  }, [])

const findingLines = (path: string, message: string, column: number): readonly string[] => {
  const [first = '', ...rest] = wrapped(message, WIDTH - column)
  const below = rest.map((line) => ' '.repeat(column) + line)
  const name = `  ${path}`
  return name.length + 2 > column
    ? [name, ' '.repeat(column) + first, ...below]
    : [name.padEnd(column) + first, ...below]
}

/** Every finding, path beside message, within {@link WIDTH} columns where words are not longer. */
export const renderFindings = (findings: readonly Finding[]): readonly string[] => {
  const rows = findings.map(({ path, message }) => [
    printable(path === '' ? 'event' : path),
    printable(message, 1_000),
  ])
  const widths = rows.map(([path = '']) => path.length).filter((length) => length <= PATH_WIDTH)
  const column = 2 + Math.max(0, ...widths) + 2
  return rows.flatMap(([path = '', message = '']) => findingLines(path, message, column))
}
