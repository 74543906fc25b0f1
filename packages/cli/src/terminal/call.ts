import type { Input } from '../command/input.ts'
import type { Terminal } from './terminal.ts'

/** Writes a command of ours as the person would type it. */
export type Call = (words: string) => string

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const REPEATED = ['config', 'data', 'url'] as const

/** Where no program and no flags are known. */
export const plainCall: Call = (words) => `mesh ${words}`

/** Commands to paste: the program as it was called, and the flags that named the mesh. */
export const callOf = (input: Pick<Input, 'text'>, { program }: Pick<Terminal, 'program'>): Call => {
  const flags = REPEATED.flatMap((name) => {
    const given = input.text(name)
    return given === undefined ? [] : [` --${name} ${quoted(given)}`]
  })
  return (words) => `${program} ${words}${flags.join('')}`
}

const WRITTEN =
  /(?<![\w./-])mesh (?=(?:up|run|order|graph|explain|contracts|plugin|topics|trace|status|dead|audit|validate|token|sandbox|version|help)\b)/g

/** Text in which our commands begin with `mesh`, with the program as the person calls it. */
export const asTyped = (text: string, program: string): string =>
  program === 'mesh' ? text : text.replaceAll(WRITTEN, () => `${program} `)
