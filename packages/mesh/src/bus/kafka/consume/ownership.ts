import type { Logger } from 'pino'
import type { KeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import type { Hold, SubscribeOptions, TopicPartition } from '../../bus.ts'
import type { Committer } from './committer.ts'
import type { Commit } from './group-requests.ts'
import { type OwnedPartition, createOwnedPartition } from './owned-partition.ts'
import { placeName } from '../../partition.ts'

/** What owning works with. */
export type OwnershipParts = {
  readonly dispatcher: KeyDispatcher
  readonly handle: SubscribeOptions['handle']
  readonly window: number
  readonly mayStart: () => boolean
  /** How long a partition that is given back may finish what it handles, in milliseconds. */
  readonly graceMs: number
  readonly committer: Pick<Committer, 'soon' | 'flush'>
  /** These are new and wait for their position. */
  readonly onTaken: (partitions: readonly OwnedPartition[]) => void
  /** Partitions have room for more records. */
  readonly onRoom: () => void
  /** Something was let go: others may have it. */
  readonly onReleased: () => void
  readonly log: Logger
}

/** The partitions of one member, from the share that gives them to the share that takes them. */
export type Ownership = {
  /** Takes what is new, and begins to give back what is no longer there. */
  settle(places: readonly TopicPartition[]): void
  /** Ends all on the spot: they may be somebody else's. */
  loseAll(): void
  /** Starts nothing more and waits, up to the grace time, until nothing runs; then commits and ends all. */
  drainAll(graceMs: number): Promise<void>
  /** What is the member's to work on. */
  assigned(): readonly TopicPartition[]
  /** What it may still commit: also what is being given back. */
  held(): readonly OwnedPartition[]
  has(place: TopicPartition): boolean
  hold(place: TopicPartition): Hold | undefined
  /** Records came for a partition. */
  fill(partition: OwnedPartition): void
  /** Begins a partition anew, elsewhere in the log; undefined where it is not owned any more. */
  renew(partition: OwnedPartition): OwnedPartition | undefined
  /** What is finished and not committed. */
  news(): Commit[]
  committed(commit: Commit): void
  oldest(): number | undefined
}

/** How long giving back waits for its commit; after that the records come again to the next owner. */
const COMMIT_WITHIN_MS = 2_000

/** Partition numbers by topic, for a log line: a service with many topics owns dozens. */
const byTopic = (partitions: readonly OwnedPartition[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...Map.groupBy(partitions, ({ place }) => place.topic)].map(([topic, ofTopic]) => [
      topic,
      ofTopic.map(({ place }) => place.partition).join(),
    ]),
  )

/** Owns nothing yet. */
export const createOwnership = (parts: OwnershipParts): Ownership => {
  const { committer, log } = parts
  const owned = new Map<string, OwnedPartition>()
  const hungry = new Set<OwnedPartition>()
  /** Whose commits they are: a partition may have begun anew while one was on its way. */
  const committing = new WeakMap<Commit, OwnedPartition>()
  let filling: NodeJS.Immediate | undefined

  const all = () => [...owned.values()]

  /** Once for everything that finished in this turn of the event loop, so that sockets and timers get theirs, too. */
  const fillSoon = (partition: OwnedPartition) => {
    hungry.add(partition)
    filling ??= setImmediate(() => {
      filling = undefined
      const now = [...hungry]
      hungry.clear()
      for (const one of now) one.fill()
      parts.onRoom()
    })
  }

  const onFinish = (partition: OwnedPartition) => {
    fillSoon(partition)
    committer.soon()
  }

  const take = (place: TopicPartition): OwnedPartition => {
    const partition = createOwnedPartition(place, { ...parts, onFinish })
    owned.set(placeName(place), partition)
    return partition
  }

  const isStill = (partition: OwnedPartition) =>
    owned.get(placeName(partition.place)) === partition && !partition.aborted()

  const ofOne = (partition: OwnedPartition) => (commit: Commit) =>
    placeName(commit) === placeName(partition.place) && isStill(partition)

  const giveBack = async (partition: OwnedPartition) => {
    await partition.drain(parts.graceMs)
    await committer.flush(ofOne(partition), COMMIT_WITHIN_MS)
    if (!isStill(partition)) return
    partition.abort()
    owned.delete(placeName(partition.place))
    parts.onReleased()
  }

  const end = () => {
    for (const partition of owned.values()) partition.abort()
    owned.clear()
    hungry.clear()
  }

  return {
    settle: (places) => {
      const wanted = new Set(places.map(placeName))
      const leaving = all().filter(({ place, draining }) => !wanted.has(placeName(place)) && !draining())
      const taken = places.filter((place) => !owned.has(placeName(place))).map(take)
      if (leaving.length + taken.length > 0)
        log.info({ taken: byTopic(taken), givenBack: byTopic(leaving) }, 'partitions were shared out')
      for (const partition of leaving) void giveBack(partition)
      if (taken.length > 0) parts.onTaken(taken)
    },
    loseAll: end,
    drainAll: async (graceMs) => {
      await Promise.all(all().map((partition) => partition.drain(graceMs)))
      await committer.flush(() => true, COMMIT_WITHIN_MS)
      end()
    },
    assigned: () => all().flatMap(({ place, draining }) => (draining() ? [] : [place])),
    held: all,
    has: (place) => owned.has(placeName(place)),
    hold: (place) => owned.get(placeName(place))?.hold(),
    fill: fillSoon,
    renew: (partition) => {
      if (!isStill(partition) || partition.draining()) return undefined
      partition.abort()
      return take(partition.place)
    },
    news: () =>
      all().flatMap((partition) => {
        const offset = partition.news()
        if (offset === undefined) return []
        const commit = { ...partition.place, offset }
        committing.set(commit, partition)
        return [commit]
      }),
    committed: (commit) => committing.get(commit)?.committed(commit.offset),
    oldest: () =>
      all().reduce<number | undefined>((first, partition) => {
        const time = partition.oldest()
        return first === undefined || (time ?? first) < first ? time : first
      }, undefined),
  }
}
