import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A process that this one started. */
export type Started = {
  readonly pid: number
  alive(): boolean
  /** Nothing happens where it has ended. */
  signal(name: NodeJS.Signals): void
  /** SIGKILL, which also ends a stopped process; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves with the exit code (null after a signal) when it has ended, however it ended. */
  readonly ended: Promise<number | null>
}

const guardianFile = fileURLToPath(new URL('./guardian.ts', import.meta.url))

let guardian: ChildProcess | undefined

const tellGuardian = (line: string): void => {
  guardian ??= (() => {
    // In a group of its own: a Ctrl-C that ends this process must not end the one that cleans up after it.
    const child = spawn(process.execPath, [guardianFile], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    child.unref()
    const stdin = child.stdin as unknown as { unref(): void }
    stdin.unref()
    child.stdin?.on('error', () => {})
    return child
  })()
  guardian.stdin?.write(`${line}\n`)
}

/**
 * Has a process killed when this one ends, in whatever way.
 *
 * @returns a function that takes it back, for when the process has ended.
 */
export const guard = (pid: number): (() => void) => {
  tellGuardian(`+${pid}`)
  return () => tellGuardian(`-${pid}`)
}

/** Starts a module with Node; what it prints is added to the file `log`. */
export const startProcess = (
  module: string,
  args: readonly string[],
  { log, env = {} }: { log: string; env?: Readonly<Record<string, string>> },
): Started => {
  const output = openSync(log, 'a')
  const child = spawn(process.execPath, [module, ...args], {
    stdio: ['ignore', output, output],
    env: { ...process.env, NODE_OPTIONS: '', KAFKAJS_NO_PARTITIONER_WARNING: '1', ...env },
  })
  closeSync(output)
  const { pid } = child
  if (pid === undefined) throw new Error(`${module} can't be started.`)
  const release = guard(pid)
  const ended = once(child, 'exit').then(([code]) => {
    release()
    return code as number | null
  })
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  return {
    pid,
    alive: () => child.exitCode === null && child.signalCode === null,
    signal,
    kill: async () => {
      signal('SIGKILL')
      await ended
    },
    ended,
  }
}
