import { pause } from './pause.ts'

/** What runs at this moment, as a number that can be waited for. */
export type Running = {
  /** Something begins; call what it answers when that has ended, once or more often. */
  begin(): () => void
  count(): number
  /** Resolves when nothing runs, after `ms` milliseconds, or when `signal` aborts. */
  none(ms: number, signal?: AbortSignal): Promise<void>
}

/** Nothing runs yet. */
export const createRunning = (): Running => {
  let count = 0
  const whenNone = new Set<() => void>()

  const begin = () => {
    count++
    let ended = false
    return () => {
      if (ended) return
      ended = true
      count--
      if (count === 0) for (const tell of whenNone) tell()
    }
  }

  const none = async (ms: number, signal?: AbortSignal) => {
    if (count === 0) return
    const over = new AbortController()
    const tell = () => over.abort()
    whenNone.add(tell)
    await pause(ms, signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]))
    whenNone.delete(tell)
  }

  return { begin, count: () => count, none }
}
