import type { Logger } from 'pino'

/** What a handler may take before it first waits for something. Nothing else in the process goes on meanwhile, health checks included. */
export const BLOCKING_MS = 500

/** A handler that blocks is named at most this often. */
const NAME_EVERY_MS = 60_000

/** Runs the part of a handler that comes before its first wait, and names the handler where that takes too long. */
export type BlockWatch = <T>(handler: string, work: () => T) => T

/**
 * Makes the watch of a service. What a handler does after its first `await` is not measured.
 *
 * @param log - of the service, which says so in each line.
 * @param clock - milliseconds, never going back.
 */
export const createBlockWatch = (log: Logger, clock: () => number): BlockWatch => {
  const named = new Map<string, number>()

  const tell = (handler: string, started: number, ended: number) => {
    const before = named.get(handler)
    if (before !== undefined && ended - before < NAME_EVERY_MS) return
    named.set(handler, ended)
    log.warn({ handler, ms: Math.round(ended - started) }, 'handler blocks the process')
  }

  return (handler, work) => {
    const started = clock()
    try {
      return work()
    } finally {
      const ended = clock()
      if (ended - started > BLOCKING_MS) tell(handler, started, ended)
    }
  }
}
