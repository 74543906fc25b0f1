import { backoffMs } from '../../../retry/backoff.ts'
import { refusalKind } from '../failure.ts'

/** Keeps a client from knocking all the time where it is not let in. */
export type LoginGate = {
  /** Throws what the last try ended with, while it is too early for another one with this broker. */
  check(broker: string): void
  /** A try to connect came to nothing; matters only where it was refused for good. */
  failed(broker: string, thrown: unknown): void
  /** A broker has let this client in. */
  passed(broker: string): void
}

type Closed = { readonly thrown: unknown; readonly until: number; readonly times: number }

/** Many brokers lock an account after some refused logins, and each one fills their logs. */
const PAUSES = { initialMs: 5_000, factor: 2, maxMs: 30_000, jitter: 0 }

/** The credentials are the same for all brokers, while each one has a certificate of its own. */
const ALL = '*'

/**
 * Starts open.
 *
 * @param now - milliseconds, only going forward.
 */
export const createLoginGate = (now: () => number = () => performance.now()): LoginGate => {
  const closed = new Map<string, Closed>()
  return {
    check: (broker) => {
      for (const name of [ALL, broker]) {
        const found = closed.get(name)
        if (found !== undefined && now() < found.until) throw found.thrown
      }
    },
    failed: (broker, thrown) => {
      const kind = refusalKind(thrown)
      if (kind === undefined) return
      const name = kind === 'login' ? ALL : broker
      const { until = -Infinity, times = 0 } = closed.get(name) ?? {}
      // Several connections that are made at the same time are one try.
      if (now() < until) return
      closed.set(name, { thrown, until: now() + backoffMs(PAUSES, times + 1, 0), times: times + 1 })
    },
    passed: (broker) => {
      closed.delete(ALL)
      closed.delete(broker)
    },
  }
}
