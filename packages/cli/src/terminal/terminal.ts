import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { quoted } from './call.ts'
import { paintFor } from './paint.ts'
import type { Paint } from './paint.ts'

/** Everything a command may know of the process it runs in. */
export type Terminal = {
  /** Writes a line for people or programs: the command's result. */
  out(line: string): void
  /** Writes text as it is, many lines at once; resolves when there is room for more. */
  write(text: string): Promise<void>
  /** Writes a line beside the result: notes, progress, errors. */
  note(line: string): void
  readonly paint: Paint
  /** Colours of {@link Terminal.note}. */
  readonly notePaint: Paint
  /** Whether a person looks at the notes. */
  readonly isInteractive: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Directory in which the command was typed; what relative paths start from. */
  readonly directory: string
  /** Where `examples/` and `docs/` are: the root of the clone that the mesh runs from, or the installed package. */
  readonly root: string
  /** How the person calls this program, for lines to paste: `./mesh` in the clone. */
  readonly program: string
  /** All of standard input. */
  stdin(): Promise<string>
  /** Standard input piece by piece, for what may not fit into memory. */
  input(): AsyncIterable<Uint8Array>
  now(): Date
}

/**
 * Directory in which the command was typed. npm runs scripts in the package's root and keeps the caller's directory in
 * INIT_CWD; that variable is inherited, so it counts only in the root itself.
 */
export const callerDirectory = (env: Terminal['env'], cwd: string, root: string): string => {
  const byNpm = env['npm_lifecycle_event'] !== undefined && path.resolve(cwd) === path.resolve(root)
  const typedIn = env['INIT_CWD']
  return byNpm && typedIn !== undefined && typedIn !== '' ? typedIn : cwd
}

/**
 * How the person calls the program: the launcher of the clone, wherever it was called from, `npx mesh`, or `mesh`. The
 * launchers tell by NODE_COMPILE_CACHE that they started this process; npx tells by a variable that is inherited, so it counts
 * only for an installed package.
 */
export const programOf = (env: Terminal['env'], directory: string, root: string): string => {
  const isInstalled = root.split(path.sep).includes('node_modules')
  if (isInstalled) return env['npm_lifecycle_event'] === 'npx' ? 'npx mesh' : 'mesh'
  if (path.resolve(directory) === path.resolve(root)) return './mesh'
  const launched = env['NODE_COMPILE_CACHE'] === path.join(root, 'node_modules', '.cache', 'mesh')
  return launched ? quoted(path.join(root, 'mesh')) : 'mesh'
}

/** The terminal of this process. */
export const processTerminal = (root: string): Terminal => {
  const { env, stdout, stderr } = process
  const directory = callerDirectory(env, process.cwd(), root)
  return {
    out: (line) => void stdout.write(`${line}\n`),
    write: async (lines) => {
      if (!stdout.write(lines)) await once(stdout, 'drain')
    },
    note: (line) => void stderr.write(`${line}\n`),
    paint: paintFor(stdout.isTTY === true, env),
    notePaint: paintFor(stderr.isTTY === true, env),
    isInteractive: stderr.isTTY === true,
    env,
    directory,
    root,
    program: programOf(env, directory, root),
    stdin: () => text(process.stdin),
    input: () => process.stdin,
    now: () => new Date(),
  }
}
