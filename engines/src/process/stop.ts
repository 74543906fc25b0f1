import { setTimeout as delay } from 'node:timers/promises'
import { isRunning } from './identity.ts'
import type { ProcessId } from './identity.ts'

/** How often a process that shall end is looked at, in milliseconds. */
const LOOK_MS = 20

/** Sends a signal to this very process; false: it has ended, and whoever has its pid now gets nothing. */
export const signal = (id: ProcessId, name: NodeJS.Signals): boolean => {
  if (!isRunning(id)) return false
  try {
    process.kill(id.pid, name)
    return true
  } catch (thrown) {
    if (Error.isError(thrown) && 'code' in thrown && thrown.code === 'ESRCH') return false
    throw thrown
  }
}

/** Waits until a process has ended. Resolves with false when it has not within `timeoutMs` milliseconds. */
const ended = async (id: ProcessId, timeoutMs: number): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs
  while (isRunning(id)) {
    if (performance.now() > deadline) return false
    await delay(LOOK_MS)
  }
  return true
}

/** Kills a process at once (SIGKILL) and waits for its end. */
export const kill = async (id: ProcessId): Promise<void> => {
  signal(id, 'SIGKILL')
  if (!(await ended(id, 30_000))) throw new Error(`Process ${id.pid} does not end on SIGKILL.`)
}

/**
 * Ends a process: SIGTERM, time to finish, then SIGKILL.
 *
 * @param graceMs - time between the two signals, in milliseconds.
 * @returns how it ended; `gone`: it had ended before.
 */
export const stop = async (id: ProcessId, graceMs: number): Promise<'gone' | 'stopped' | 'killed'> => {
  if (!signal(id, 'SIGTERM')) return 'gone'
  if (await ended(id, graceMs)) return 'stopped'
  await kill(id)
  return 'killed'
}
