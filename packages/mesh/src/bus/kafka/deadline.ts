import { pause } from '../../flow/pause.ts'
import { backoffMs } from '../../retry/backoff.ts'
import { isRefusedLogin } from './failure.ts'

/** Pauses between tries: quick at first, then steady, so that a broker that is back is found within a second. */
export const BETWEEN_TRIES = { initialMs: 50, factor: 2, maxMs: 500, jitter: 0.2 }

/** How long something may take, and what to do until then. */
export type Persistence = {
  /** Milliseconds from now. */
  readonly deadlineMs: number
  /** Whether a failure may pass by itself; all may when absent. */
  readonly mayPass?: (thrown: unknown) => boolean
}

/**
 * Tries until it works, fails for good (a refused login always does), or the time is over. A try that is still running then is left behind, so it
 * must end by itself.
 *
 * @returns what the successful try gave.
 * @throws what the last failed try threw; Error when none has ended in time.
 */
export const persist = async <T>(attempt: () => Promise<T>, persistence: Persistence): Promise<T> => {
  const { deadlineMs, mayPass = () => true } = persistence
  const until = performance.now() + deadlineMs
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => {})
  let last: unknown = new Error(`no answer within ${deadlineMs} ms`)
  const timer = setTimeout(() => over.reject(last), deadlineMs)
  try {
    for (let tries = 1; ; tries++) {
      try {
        return await Promise.race([attempt(), over.promise])
      } catch (thrown) {
        last = thrown
        const wait = backoffMs(BETWEEN_TRIES, tries, Math.random())
        if (isRefusedLogin(thrown) || !mayPass(thrown) || performance.now() + wait >= until) throw thrown
        await pause(wait)
      }
    }
  } finally {
    clearTimeout(timer)
  }
}
