import type { Paint } from '../terminal/paint.ts'
import { ENVIRONMENT } from '../environment.ts'
import { nameOf } from './command.ts'
import type { Command, Flag } from './command.ts'
import { COMMON_FLAGS } from './parse.ts'

const WIDTH = 100

const wrap = (text: string, indent: number, width = WIDTH): string => {
  const lines = text.split(' ').reduce<string[]>((all, word) => {
    const last = all.at(-1)
    if (last === undefined || last.length + word.length + 1 > width - indent) return [...all, word]
    return [...all.slice(0, -1), `${last} ${word}`]
  }, [])
  return lines.join(`\n${' '.repeat(indent)}`)
}

const table = (rows: readonly (readonly [string, string])[], paint: Paint): string => {
  const column = Math.max(...rows.map(([left]) => left.length)) + 4
  return rows
    .map(
      ([left, right]) => `  ${paint.bold(left)}${' '.repeat(column - 2 - left.length)}${wrap(right, column)}`,
    )
    .join('\n')
}

const flagTitle = (name: string, flag: Flag) =>
  `--${name}${flag.type === 'string' ? ` ${flag.value ?? 'TEXT'}` : ''}`

const usage = (command: Command): string => {
  const args = (command.args ?? []).map(({ name, optional, multiple }) => {
    const shown = multiple === true ? `${name}…` : name
    return optional === true ? `[${shown}]` : shown
  })
  const flags = Object.keys(command.flags ?? {}).length > 0 ? ['[flags]'] : []
  return ['mesh', ...command.words, ...args, ...flags].join(' ')
}

const examples = (command: Command, paint: Paint) =>
  command.examples.map(({ line, does }) => `  ${paint.dim(`# ${does}`)}\n  ${line}`).join('\n')

/** Text of `mesh help COMMAND`. */
export const commandHelp = (command: Command, paint: Paint): string => {
  const args = (command.args ?? []).map(({ name, about }) => [name, about] as const)
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS }).map(
    ([name, flag]) => [flagTitle(name, flag), flag.about] as const,
  )
  const sections = [
    `${paint.bold(usage(command))}\n\n  ${wrap(command.summary, 2)}`,
    ...(command.details ?? []).map((paragraph) => `  ${wrap(paragraph, 2)}`),
    ...(args.length > 0 ? [`Arguments\n${table(args, paint)}`] : []),
    `Flags\n${table(flags, paint)}`,
    `Examples\n${examples(command, paint)}`,
  ]
  return sections.join('\n\n')
}

const EXIT_CODES = [
  ['0', 'done, nothing wrong was found'],
  ['1', 'it ran and the answer is bad: findings, drift, something failed or is unknown'],
  ['2', 'the command line can’t be understood'],
  ['3', 'the mesh can’t be reached or started'],
] as const

const FIRST_STEPS = [
  ['mesh up --demo', 'Start everything, with a sandbox LMS and three sample orders'],
  ['mesh order place examples/order.json', 'Hand in an order'],
  ['mesh trace EDX-100001', 'See where it is and why'],
] as const

/** Text of `mesh help`. */
export const overview = (commands: readonly Command[], paint: Paint): string =>
  [
    `${paint.bold('mesh')}: paid orders become course enrollments in Open edX, and nothing is lost in between`,
    `First steps\n${table(FIRST_STEPS, paint)}`,
    `Commands\n${table(
      commands.map((command) => [nameOf(command), command.summary] as const),
      paint,
    )}`,
    `Environment\n${table(
      ENVIRONMENT.map(({ name, about }) => [name, about.replaceAll('`', '')] as const),
      paint,
    )}`,
    `Exit codes\n${table(EXIT_CODES, paint)}`,
    'mesh help COMMAND shows flags and examples. Every MESH_* code is explained in docs/errors.md.',
  ].join('\n\n')
