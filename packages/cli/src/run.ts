import { nameOf } from './command/command.ts'
import type { Command } from './command/command.ts'
import { EXIT } from './command/exit-code.ts'
import type { ExitCode } from './command/exit-code.ts'
import { commandHelp, overview } from './command/help.ts'
import { parseCommandLine } from './command/parse.ts'
import { UsageError } from './command/usage-error.ts'
import { COMMANDS } from './commands/table.ts'
import { asTyped } from './terminal/call.ts'
import { describeFailure, exitCodeOf } from './terminal/failure.ts'
import { withPaths } from './terminal/shipped.ts'
import type { Terminal } from './terminal/terminal.ts'

const startsWith = (command: Command, words: readonly string[]) =>
  words.every((word, index) => command.words[index] === word)

/** `mesh help [COMMAND…]`: a command, a group of commands (`dead`), or the overview. */
const help = (words: readonly string[], terminal: Terminal): ExitCode => {
  const exact = COMMANDS.find((command) => nameOf(command) === words.join(' '))
  const group = COMMANDS.filter((command) => startsWith(command, words))
  if (words.length > 0 && group.length === 0) parseCommandLine(words, COMMANDS)
  const shown = exact === undefined ? (words.length === 0 ? [] : group) : [exact]
  const text =
    shown.length === 0
      ? overview(COMMANDS, terminal.paint)
      : shown.map((command) => commandHelp(command, terminal.paint)).join('\n\n\n')
  terminal.out(asTyped(withPaths(text, terminal), terminal.program))
  return EXIT.ok
}

/** `mesh`, `mesh help …`, `mesh --help`; also `mesh dead --help`, which names no command yet. */
const helpWords = (argv: readonly string[]): readonly string[] | undefined => {
  if (argv.length === 0) return []
  if (argv[0] === 'help') {
    const words = argv.slice(1).filter((word) => word !== '--help')
    return words[0] === 'help' ? [] : words
  }
  const words = argv.filter((word) => word !== '--help' && word !== '-h')
  const asked = words.length < argv.length
  return asked &&
    words.every((word) => !word.startsWith('-')) &&
    COMMANDS.some((command) => startsWith(command, words))
    ? words
    : undefined
}

const runCommand = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const words = helpWords(argv)
  if (words !== undefined) return help(words, terminal)
  const line = argv[0] === '--version' || argv[0] === '-v' ? ['version'] : argv
  const { command, input, help: asked } = parseCommandLine(line, COMMANDS)
  return asked ? help(command.words, terminal) : await command.run(input, terminal)
}

/** Runs one command line. Resolves with the exit code; errors are printed. */
export const run = async (argv: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  try {
    return await runCommand(argv, terminal)
  } catch (thrown) {
    const verbose = argv.includes('--verbose') || (terminal.env['MESH_DEBUG'] ?? '') !== ''
    for (const line of describeFailure(
      thrown,
      terminal.notePaint,
      verbose && !(thrown instanceof UsageError),
    ))
      terminal.note(asTyped(line, terminal.program))
    return exitCodeOf(thrown)
  }
}
