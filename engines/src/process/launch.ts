import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { EngineError } from '../engine-error.ts'
import { identify } from './identity.ts'
import type { ProcessId } from './identity.ts'
import { signal } from './stop.ts'

/** A server to start. */
export type Launch = {
  readonly command: string
  readonly args: readonly string[]
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** File that its output is added to. */
  readonly log: string
  /** Whether it goes on when this process ends. Otherwise it is killed then. */
  readonly detached: boolean
}

/** Names the file to which every started process is added, so that a test run can end what a killed worker left behind. */
export const REGISTER = 'MESH_ENGINES_REGISTER'

const attached = new Set<ProcessId>()

const endAttached = () => {
  for (const id of attached) signal(id, 'SIGKILL')
}

const attach = (id: ProcessId): void => {
  if (attached.size === 0) process.once('exit', endAttached)
  attached.add(id)
}

const register = (id: ProcessId): void => {
  const file = process.env[REGISTER]
  if (file !== undefined && file !== '') appendFileSync(file, `${JSON.stringify(id)}\n`)
}

/** Starts a server in a process group of its own, so that Ctrl-C in this terminal does not end it. @throws EngineError */
export const launch = async ({ command, args, env = {}, log, detached }: Launch): Promise<ProcessId> => {
  mkdirSync(path.dirname(log), { recursive: true })
  const output = openSync(log, 'a')
  try {
    const child = spawn(command, args, {
      cwd: path.dirname(log),
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    })
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    const id = identify(child.pid ?? 0)
    if (id === undefined) throw new Error('it ended at once')
    register(id)
    if (!detached) {
      attach(id)
      child.once('exit', () => attached.delete(id))
    }
    return id
  } catch (cause) {
    throw new EngineError(`${path.basename(command)} can’t be started.`, `Look into ${log}.`, { cause })
  } finally {
    closeSync(output)
  }
}
