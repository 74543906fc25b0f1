import type { Logger } from 'pino'
import { meaningToRead } from '../refusals.ts'
import type { OwnedPartition } from './owned-partition.ts'

/** Partitions that get no records though they should: told when that lasts, and when it is over. */
export type Standstills = {
  /**
   * Nothing came, and why: Kafka’s word, or words for people.
   *
   * @returns milliseconds to leave it alone; the longer it lasts the more.
   */
  note(partition: OwnedPartition, why: string): number
  /** Its leader answers as it should. */
  over(partition: OwnedPartition): void
}

type Trouble = { readonly since: number; last: number; told: boolean }

/** A leader or a coordinator that moves is over long before. */
const TOLD_AFTER_MS = 10_000

/** Share of the time that it has lasted: at the end nobody has waited much longer than needed. */
const PATIENCE = 0.25

const MOST_MS = 5_000

/** Without news for so long it is another trouble. */
const FORGET_MS = 30_000

/**
 * Knows of none.
 *
 * @param now - milliseconds, only going forward.
 */
export const createStandstills = (log: Logger, now: () => number = () => performance.now()): Standstills => {
  const troubles = new WeakMap<OwnedPartition, Trouble>()

  const troubleOf = (partition: OwnedPartition): Trouble => {
    const known = troubles.get(partition)
    if (known !== undefined && now() - known.last < FORGET_MS) return known
    const fresh = { since: now(), last: now(), told: false }
    troubles.set(partition, fresh)
    return fresh
  }

  return {
    note: (partition, why) => {
      const trouble = troubleOf(partition)
      const lastedMs = now() - trouble.since
      trouble.last = now()
      if (!trouble.told && lastedMs >= TOLD_AFTER_MS) {
        trouble.told = true
        log.warn(
          { ...partition.place, reason: why },
          `a partition stands still for ${Math.round(lastedMs / 1_000)} s: ${meaningToRead(why)}`,
        )
      }
      return Math.min(MOST_MS, lastedMs * PATIENCE)
    },
    over: (partition) => {
      const trouble = troubles.get(partition)
      if (trouble === undefined) return
      troubles.delete(partition)
      if (trouble.told) log.info(partition.place, 'a partition goes on that stood still')
    },
  }
}
