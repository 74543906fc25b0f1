import type { Logger } from 'pino'
import { placeName } from '../../partition.ts'
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

/** What many partitions have in common (a broker that is away) is told in one line. */
const GATHER_MS = 1_000

/** Partitions that a line names; it counts them all. */
const MOST_NAMED = 10

const many = (partitions: readonly string[], one: string, more: string) =>
  partitions.length === 1 ? `a partition ${one}` : `${partitions.length} partitions ${more}`

/** Gathers partitions by what is to be said of them, and says it a moment later. */
const createDigest = (
  say: (about: string, partitions: readonly string[]) => void,
  soon: (work: () => void) => void,
) => {
  const gathered = new Map<string, string[]>()
  return (about: string, partition: OwnedPartition) => {
    const known = gathered.get(about)
    if (known !== undefined) return void known.push(placeName(partition.place))
    gathered.set(about, [placeName(partition.place)])
    soon(() => {
      const partitions = gathered.get(about) ?? []
      gathered.delete(about)
      say(about, partitions)
    })
  }
}

/**
 * Knows of none.
 *
 * @param now - milliseconds, only going forward.
 * @param soon - does work a moment later.
 */
export const createStandstills = (
  log: Logger,
  now: () => number = () => performance.now(),
  soon: (work: () => void) => void = (work) => void setTimeout(work, GATHER_MS).unref(),
): Standstills => {
  const troubles = new WeakMap<OwnedPartition, Trouble>()

  const tell = createDigest((reason, partitions) => {
    const verb = [
      `stands still for ${TOLD_AFTER_MS / 1_000} s`,
      `stand still for ${TOLD_AFTER_MS / 1_000} s`,
    ] as const
    log.warn(
      { partitions: partitions.slice(0, MOST_NAMED), reason },
      `${many(partitions, ...verb)}: ${meaningToRead(reason)}`,
    )
  }, soon)

  const tellEnd = createDigest((_, partitions) => {
    log.info(
      { partitions: partitions.slice(0, MOST_NAMED) },
      many(partitions, 'goes on that stood still', 'go on that stood still'),
    )
  }, soon)

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
        tell(why, partition)
      }
      return Math.min(MOST_MS, lastedMs * PATIENCE)
    },
    over: (partition) => {
      const trouble = troubles.get(partition)
      if (trouble === undefined) return
      troubles.delete(partition)
      if (trouble.told) tellEnd('', partition)
    },
  }
}
