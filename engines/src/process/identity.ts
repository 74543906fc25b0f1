import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process, beyond doubt: a pid alone may belong to somebody else by now. */
export type ProcessId = {
  readonly pid: number
  /** When it started, in the words of the operating system; only good for comparing. */
  readonly started: string
}

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** State and start of a process as /proc/PID/stat tells them; the name in it may hold anything, so it is cut off first. */
export const parseStat = (stat: string): { state: string; started: string } | undefined => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, started] = [fields[0], fields[19]]
  return state === undefined || started === undefined ? undefined : { state, started }
}

const fromProc = (pid: number): string | undefined => {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  const found = parseStat(stat)
  // A zombie has ended; only its parent has not looked yet.
  return found === undefined || found.state === 'Z' || found.state === 'X'
    ? undefined
    : `${bootId()}:${found.started}`
}

const fromPs = (pid: number): string | undefined => {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const [, state, started] = /^(\S+)\s+(.+?)\s*$/.exec(stdout ?? '') ?? []
  return status !== 0 || state === undefined || state.startsWith('Z') ? undefined : started
}

/** Who has this pid now; undefined: nobody, or somebody who has ended. */
export const identify = (pid: number): ProcessId | undefined => {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  const started = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether this very process still runs. */
export const isRunning = ({ pid, started }: ProcessId): boolean => identify(pid)?.started === started
