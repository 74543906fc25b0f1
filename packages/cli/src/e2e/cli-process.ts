import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const MAIN = path.resolve(import.meta.dirname, '../main.ts')

/** How a process ended. */
export type Ended = {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** A process of the CLI. */
export type CliProcess = {
  readonly ended: Promise<Ended>
  /** Resolves with everything printed so far once that matches. @throws Error when the process ends before. */
  printed(pattern: RegExp): Promise<string>
  kill(signal: NodeJS.Signals): void
}

/** An empty working directory. */
export const workingDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'mesh-cli-'))

type Start = {
  readonly env?: Record<string, string>
  readonly input?: string
  /** The program, where it is not the one beside this file. */
  readonly main?: string
}

/** Starts `mesh ARGS` as a process of its own. Nothing of the caller's environment that would change its behaviour goes along. */
export const startCli = (
  args: readonly string[],
  cwd: string,
  { env = {}, input = '', main = MAIN }: Start = {},
): CliProcess => {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH, HOME, ...env } })
  const text = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const hear = (name: 'out' | 'err') => (chunk: Buffer) => {
    text[name] += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear('out'))
  child.stderr.on('data', hear('err'))
  child.stdin.end(input)
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...text })),
  )
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text.out)) return
          listeners.delete(look)
          resolve(text.out)
        }
        listeners.add(look)
        look()
        void ended.then(({ code }) =>
          reject(
            new Error(
              `mesh ${args.join(' ')} ended with ${code} before it printed ${pattern}:\n${text.out}\n${text.err}`,
            ),
          ),
        )
      }),
  }
}

/** Runs `mesh ARGS` to its end. */
export const runCli = (args: readonly string[], cwd: string, options: Start = {}): Promise<Ended> =>
  startCli(args, cwd, options).ended
