import type { Logger } from 'pino'
import { describeFailure } from '../errors/thrown.ts'
import type { Store } from '../store/store.ts'
import type { AggregateDocument } from './document.ts'

/** An outbox this old was left behind: whoever committed it would have published it long since. */
const LEFT_BEHIND_MS = 5_000
const SWEEP_EVERY_MS = 2_500
const PAGE = 200

/** Publishes what a crash or an outage left in outboxes (promise 4). */
export type Sweeper = { close(): Promise<void> }

/** In any order: several processes that sweep the same documents shall not all publish the same ones. */
const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

/**
 * Sweeps at the start and then from time to time.
 *
 * @param exclusive - no other process works on these documents: everything found at the start was left behind.
 * @param sweep - relays the outbox of one key.
 */
export const createSweeper = (
  {
    store,
    service,
    exclusive,
    log,
    now,
  }: { store: Store; service: string; exclusive: boolean; log: Logger; now: () => number },
  sweep: (key: string) => Promise<void>,
): Sweeper => {
  let closed = false
  let timer: NodeJS.Timeout | undefined

  // One outbox that can't be published must not hold up the others.
  const troubled = (thrown: unknown) =>
    log.warn({ err: describeFailure(thrown) }, 'an outbox could not be published; trying again')

  const pass = async (to: number) => {
    let after: string | undefined
    do {
      const page = await store.find<AggregateDocument>(service, {
        index: 'outboxSince',
        to,
        limit: PAGE,
        ...(after !== undefined && { after }),
      })
      for (const { id } of shuffled(page.documents)) if (!closed) await sweep(id).catch(troubled)
      after = page.next
    } while (after !== undefined && !closed)
  }

  const sweepOnce = (to: number): Promise<void> =>
    pass(to)
      .catch(troubled)
      .then(() => {
        if (!closed) timer = setTimeout(sweepAgain, SWEEP_EVERY_MS)
      })

  const sweepAgain = () => {
    running = sweepOnce(now() - LEFT_BEHIND_MS)
  }

  let running = sweepOnce(exclusive ? now() : now() - LEFT_BEHIND_MS)
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
