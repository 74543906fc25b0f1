import fs from 'node:fs'
import os from 'node:os'

/** One line of the table. */
export type Row = {
  readonly name: string
  readonly value: string
  /** What the issue asks for, as text; and whether it was reached. */
  readonly target?: string
  readonly reached?: boolean
  /** All the figures behind it, for the JSON file. */
  readonly figures: Readonly<Record<string, unknown>>
}

/** Prints the table. */
export const printTable = (rows: readonly Row[]): void => {
  const cells = rows.map(({ name, value, target = '', reached }) => [
    name,
    value,
    target,
    reached === undefined ? '' : reached ? 'yes' : 'NO',
  ])
  const lines = [['what', 'measured', 'target', 'reached'], ...cells]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** Writes the figures and the machine they come from to bench/results/. Returns the file. */
export const writeResults = (rows: readonly Row[]): string => {
  const directory = new URL('../../results/', import.meta.url)
  fs.mkdirSync(directory, { recursive: true })
  const at = new Date().toISOString()
  const machine = {
    node: process.version,
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  }
  const file = new URL(`${at.replaceAll(':', '-')}.json`, directory)
  fs.writeFileSync(file, JSON.stringify({ at, machine, rows }, null, 2))
  return file.pathname
}
