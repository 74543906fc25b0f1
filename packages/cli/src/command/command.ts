import type { Terminal } from '../terminal/terminal.ts'
import type { ExitCode } from './exit-code.ts'
import type { Input } from './input.ts'

/** A flag of a command. */
export type Flag = {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in help, e.g. `FILE`. */
  readonly value?: string
  /** One sentence. */
  readonly about: string
  /** May be given several times. */
  readonly multiple?: boolean
}

/** A positional argument of a command. */
type Argument = {
  readonly name: string
  readonly about: string
  readonly optional?: boolean
  /** May be given several times; only the last argument of a command may. */
  readonly multiple?: boolean
}

/** One command: everything that help, the parser and the reference need. */
export type Command = {
  /** Words that name it: `['dead', 'list']`. */
  readonly words: readonly string[]
  /** One sentence, for the list of commands. */
  readonly summary: string
  /** Paragraphs of `mesh help COMMAND`. */
  readonly details?: readonly string[]
  readonly args?: readonly Argument[]
  readonly flags?: Readonly<Record<string, Flag>>
  /** Lines to paste, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[]
  run(input: Input, terminal: Terminal): Promise<ExitCode>
}

/** Name of a command as typed: `dead list`. */
export const nameOf = (command: Pick<Command, 'words'>): string => command.words.join(' ')
