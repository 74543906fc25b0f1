import type { Waiting } from '../aggregate/document.ts'
import type { Hold, Subscription, TopicPartition } from '../bus/bus.ts'

/**
 * How long a record waits for somebody who knows its topic before anybody may give it up, in milliseconds. While a release
 * is rolled out, or taken back, some of the replicas don't know topics that others do.
 */
const ORPHANED_AFTER_MS = 3_600_000

/** Work that no partition stands for. */
const unowned: Hold = { signal: new AbortController().signal, release: () => {} }

/** What of a service's work belongs to this process. */
export type WorkOwnership = {
  /** Whether what waits may be taken up here, as far as can be told without asking for it. */
  mayTakeUp(waiting: Waiting): boolean
  /** Takes it up; undefined: it belongs to others. */
  hold(waiting: Waiting): Hold | undefined
  /** Whether what was done for a partition may be committed. */
  mayCommit(place: TopicPartition): boolean
}

/**
 * Tells the work of this process from that of others.
 *
 * @param topics - what the service consumes.
 * @param exclusive - no other process works on these documents.
 * @param subscription - undefined until subscribing has ended.
 */
export const workOwnership = (
  topics: readonly string[],
  { exclusive, now }: { exclusive: boolean; now: () => number },
  subscription: () => Subscription | undefined,
): WorkOwnership => {
  const isStrange = ({ topic }: TopicPartition) => !topics.includes(topic)
  /** A topic that nobody consumes any more belongs to everybody. */
  const isOrphaned = ({ dueAt }: Waiting) => exclusive || now() - dueAt >= ORPHANED_AFTER_MS
  return {
    mayTakeUp: (waiting) => {
      const [first] = waiting.records
      if (first === undefined) return false
      if (isStrange(first)) return isOrphaned(waiting)
      return (subscription()?.assigned() ?? []).some(
        ({ topic, partition }) => topic === first.topic && partition === first.partition,
      )
    },
    hold: (waiting) => {
      const [first] = waiting.records
      if (first === undefined) return undefined
      if (isStrange(first)) return isOrphaned(waiting) ? unowned : undefined
      return subscription()?.hold(first)
    },
    // The first records may come before subscribing has ended; the bus would abort what it takes away.
    mayCommit: (place) => isStrange(place) || (subscription()?.owns(place) ?? true),
  }
}
