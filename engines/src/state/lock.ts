import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { identify, isRunning } from '../process/identity.ts'
import type { ProcessId } from '../process/identity.ts'

/** How often a lock that somebody holds is looked at, in milliseconds. */
const LOOK_MS = 100

const myself = (): ProcessId => identify(process.pid) ?? { pid: process.pid, started: '' }

// Linking a file that is written already: nobody ever sees a lock without its holder.
const take = (file: string, me: ProcessId): boolean => {
  const draft = `${file}.${me.pid}`
  writeFileSync(draft, JSON.stringify(me))
  try {
    linkSync(draft, file)
    return true
  } catch (thrown) {
    if (Error.isError(thrown) && 'code' in thrown && thrown.code === 'EEXIST') return false
    throw thrown
  } finally {
    rmSync(draft, { force: true })
  }
}

const holderOf = (file: string): ProcessId | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessId
  } catch {
    return undefined
  }
}

const removeStale = (file: string, holder: ProcessId): void => {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
    // Somebody was faster and this is already the next holder's lock: give it back.
    if (holderOf(aside)?.started !== holder.started) linkSync(aside, file)
  } catch {
    // Somebody else removed it.
  }
  rmSync(aside, { force: true })
}

/**
 * Runs `work` while no other process works on this folder. A lock whose holder is gone is taken over.
 *
 * @param waiting - told once, with the holder's pid, when somebody else is at it.
 */
export const withLock = async <T>(
  folder: string,
  waiting: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> => {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'lock')
  const me = myself()
  for (let told = false; !take(file, me);) {
    const holder = holderOf(file)
    if (holder === undefined) continue
    if (!isRunning(holder)) {
      removeStale(file, holder)
      continue
    }
    if (!told) waiting(holder.pid)
    told = true
    await delay(LOOK_MS)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.off('exit', release)
  }
}
