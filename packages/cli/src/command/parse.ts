import { nearestKey } from '@commerce-mesh/contracts'
import { parseArgs } from 'node:util'
import type { Command } from './command.ts'
import { nameOf } from './command.ts'
import { createInput } from './input.ts'
import type { FlagValues, Input } from './input.ts'
import { UsageError } from './usage-error.ts'

/** Flags that every command knows. */
export const COMMON_FLAGS = {
  help: { type: 'boolean', about: 'Show the help of this command.' },
  verbose: { type: 'boolean', about: 'Show stacks and causes of errors (as MESH_DEBUG=1 does).' },
} as const

/** What the line asks for. */
export type Parsed = {
  readonly command: Command
  readonly input: Input
  readonly help: boolean
  readonly verbose: boolean
}

const startsWith = (words: readonly string[], start: readonly string[]) =>
  start.every((word, index) => words[index] === word)

/** The words before the first flag. */
const leading = (argv: readonly string[]) => {
  const flag = argv.findIndex((word) => word.startsWith('-') && word !== '-')
  return flag === -1 ? argv : argv.slice(0, flag)
}

/** Commands that begin with a word: `dead list`, `dead show`, … */
const groupOf = (word: string | undefined, commands: readonly Command[]) =>
  commands.filter((command) => command.words[0] === word).map((command) => `mesh ${nameOf(command)}`)

/** `mesh --demo`: a flag, and no command before it. */
const missingCommand = (flag: string, commands: readonly Command[]): UsageError => {
  const name = flag.replace(/^-+/, '').replace(/=.*$/s, '')
  const known = commands.filter(({ flags }) => flags !== undefined && Object.hasOwn(flags, name))
  return new UsageError(
    `A command is missing before '${flag}'.`,
    known.length === 0 || known.length > 3
      ? 'mesh help lists the commands.'
      : `Did you mean: ${known.map((command) => `mesh ${nameOf(command)} ${flag}`).join(', ')}`,
  )
}

const unknownCommand = (words: readonly string[], commands: readonly Command[], flag: string): UsageError => {
  if (words.length === 0) return missingCommand(flag, commands)
  const group = groupOf(words[0], commands)
  if (group.length > 0 && words.length === 1) {
    return new UsageError(`'mesh ${words[0]}' needs one more word.`, `One of: ${group.join(', ')}`)
  }
  const firstWord = nearestKey(words[0] ?? '', [
    ...new Set(commands.map((command) => command.words[0] ?? '')),
  ])
  const whole = nearestKey(words.slice(0, 2).join(' '), commands.map(nameOf))
  const meant = whole !== undefined ? [`mesh ${whole}`] : groupOf(firstWord, commands)
  const hint = meant.length === 0 ? 'mesh help lists the commands.' : `Did you mean: ${meant.join(', ')}`
  return new UsageError(
    `There is no command 'mesh ${words.slice(0, group.length > 0 ? 2 : 1).join(' ')}'.`,
    hint,
  )
}

const findCommand = (argv: readonly string[], commands: readonly Command[]): Command => {
  const words = leading(argv)
  const found = commands
    .filter((command) => startsWith(words, command.words))
    .toSorted((a, b) => b.words.length - a.words.length)[0]
  if (found === undefined) throw unknownCommand(words, commands, argv[0] ?? '')
  return found
}

const flagsOf = (command: Command) => ({ ...command.flags, ...COMMON_FLAGS })

/** parseArgs' own messages are for programmers; these name the flag and what to type. */
const flagTrouble = (command: Command, thrown: unknown): UsageError => {
  const message = Error.isError(thrown) ? thrown.message : String(thrown)
  const code = Error.isError(thrown) && 'code' in thrown ? thrown.code : ''
  const flag = /'(-[^ ']*)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = nearestKey(flag.replace(/^-+/, ''), Object.keys(flagsOf(command)))
    const hint =
      near === undefined ? `mesh help ${nameOf(command)} lists its flags.` : `Did you mean: --${near}`
    return new UsageError(`'mesh ${nameOf(command)}' has no flag ${flag}.`, hint)
  }
  if (/argument missing/.test(message))
    return new UsageError(`${flag} needs a value.`, `mesh help ${nameOf(command)} shows examples.`)
  if (/does not take an argument/.test(message))
    return new UsageError(`${flag} takes no value.`, `mesh help ${nameOf(command)} shows examples.`)
  return new UsageError(message)
}

const readFlags = (command: Command, rest: readonly string[]) => {
  const options = Object.fromEntries(
    Object.entries(flagsOf(command)).map(([name, { type, ...flag }]) => [
      name,
      {
        type,
        multiple: 'multiple' in flag && flag.multiple === true,
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  )
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    throw flagTrouble(command, thrown)
  }
}

const nameArguments = (
  command: Command,
  positionals: readonly string[],
): Readonly<Record<string, readonly string[]>> => {
  const wanted = command.args ?? []
  const isOpen = wanted.at(-1)?.multiple === true
  const extra = isOpen ? undefined : positionals[wanted.length]
  if (extra !== undefined)
    throw new UsageError(
      `'mesh ${nameOf(command)}' takes no argument '${extra}'.`,
      `mesh help ${nameOf(command)} shows examples.`,
    )
  const nameAt = (index: number) => wanted[Math.min(index, wanted.length - 1)]
  const firstEmpty = positionals.findIndex((value) => value.trim() === '')
  const empty = firstEmpty === -1 ? undefined : nameAt(firstEmpty)
  if (empty !== undefined)
    throw new UsageError(
      `${empty.name} of 'mesh ${nameOf(command)}' is empty: ${empty.about}`,
      `Example: ${command.examples[0]?.line ?? ''}`,
    )
  const missing = wanted.find(({ optional }, index) => optional !== true && positionals[index] === undefined)
  if (missing !== undefined)
    throw new UsageError(
      `'mesh ${nameOf(command)}' needs ${missing.name}: ${missing.about}`,
      `Example: ${command.examples[0]?.line ?? ''}`,
    )
  return Object.fromEntries(
    wanted.map(({ name }, index) => [
      name,
      positionals.filter((_, place) => Math.min(place, wanted.length - 1) === index),
    ]),
  )
}

/**
 * Reads a command line.
 *
 * @throws UsageError naming the nearest command or flag.
 */
export const parseCommandLine = (argv: readonly string[], commands: readonly Command[]): Parsed => {
  const command = findCommand(argv, commands)
  const { values, positionals } = readFlags(command, argv.slice(command.words.length))
  const flags = values as FlagValues
  const help = flags['help'] === true
  const args = help ? {} : nameArguments(command, positionals)
  return { command, input: createInput(args, flags), help, verbose: flags['verbose'] === true }
}
