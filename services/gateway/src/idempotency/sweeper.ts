import type { Store } from '@commerce-mesh/mesh'
import type { Log } from '../http/log.ts'
import { sweepIdempotency } from './idempotency.ts'

const EVERY_MS = 10_000
/** Records deleted at once, and how often in a row: 2,000 per second at most, never in the way of orders. */
const AT_ONCE = 500
const BATCHES = 40

/**
 * Deletes expired records batch by batch, until there are no more or it has been enough for now.
 *
 * @param now - milliseconds since the epoch.
 * @returns how many went.
 */
export const sweepAll = async (
  store: Store,
  now: number,
  { atOnce = AT_ONCE, batches = BATCHES }: { atOnce?: number; batches?: number } = {},
): Promise<number> => {
  let gone = 0
  for (let batch = 0; batch < batches; batch += 1) {
    const count = await sweepIdempotency(store, now, atOnce)
    gone += count
    if (count < atOnce) break
  }
  return gone
}

/**
 * Deletes expired Idempotency-Key records every ten seconds. A failed sweep is only logged: the next one takes the rest.
 *
 * @returns stops it.
 */
export const startSweeper = (store: Store, now: () => Date, log: Log): (() => void) => {
  let running = false
  const sweep = async () => {
    if (running) return
    running = true
    try {
      await sweepAll(store, now().getTime())
    } catch (thrown) {
      const error = Error.isError(thrown) ? thrown.name : typeof thrown
      log.warn({ error }, 'expired idempotency records could not be deleted; trying again')
    } finally {
      running = false
    }
  }
  const timer = setInterval(() => void sweep(), EVERY_MS).unref()
  return () => clearInterval(timer)
}
