import { setTimeout as sleep } from 'node:timers/promises'
import { fullBucket, takeToken, type Rate } from './token-bucket.ts'

/** Lets callers through one by one, in the order they came, no faster than its rate. */
export type Pacer = {
  /**
   * Resolves when it is the caller's turn.
   * @throws the signal's reason when it aborts before that; then no token was used.
   */
  pass(signal: AbortSignal): Promise<void>
}

/** Time as a pacer needs it. */
export type PacerClock = {
  /** Milliseconds, only going forward. */
  now(): number
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

const SYSTEM_CLOCK: PacerClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
}

const unlessAborted = (turn: Promise<void>, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    void turn.then(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })

/** Makes a pacer with a full token bucket. Who waits is bounded by who calls: give it bounded callers. */
export const createPacer = (rate: Rate, clock: PacerClock = SYSTEM_CLOCK): Pacer => {
  let bucket = fullBucket(rate, clock.now())
  let last = Promise.resolve()

  const takeWhenThere = async (signal: AbortSignal) => {
    for (;;) {
      signal.throwIfAborted()
      const taken = takeToken(rate, bucket, clock.now())
      bucket = taken.bucket
      if (taken.taken) return
      await clock.sleep(taken.waitMs, signal)
    }
  }

  return {
    pass: async (signal) => {
      signal.throwIfAborted()
      const before = last
      const mine = Promise.withResolvers<void>()
      last = mine.promise
      try {
        await unlessAborted(before, signal)
        await takeWhenThere(signal)
      } catch (thrown) {
        signal.throwIfAborted()
        throw thrown
      } finally {
        // Who gives up while waiting must not let the next one overtake those still in front.
        void before.then(mine.resolve)
      }
    },
  }
}
