import { createKeyDispatcher } from '../../dispatch/key-dispatcher.ts'
import type { SubscribeOptions, TopicPartition } from '../bus.ts'
import { type Assignment, createAssignment } from './assignment.ts'
import type { EmbeddedLog } from './log.ts'

/** Offsets are committed at most this often; a crash in between only means that finished records come again. */
const COMMIT_EVERY_MS = 20

/** One consumer of a group in this process. */
export type Member = {
  readonly topics: readonly string[]
  assigned(): readonly TopicPartition[]
  inFlight(): number
  /** New records may be on this partition. */
  wake(place: TopicPartition): void
  /** Takes and gives back partitions so that exactly `places` are owned; resolves when what was given back is drained. */
  own(places: readonly TopicPartition[], graceMs: number): Promise<void>
  commit(): Promise<void>
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`

/** Makes a member that owns nothing yet. */
export const createMember = (log: EmbeddedLog, options: SubscribeOptions): Member => {
  const assignments = new Map<string, Assignment>()
  const hungry = new Set<Assignment>()
  // Enough to keep every lane busy, little enough to hold no backlog in memory (promise 9).
  const high = Math.max(options.concurrency * 4, 256)
  let committing: NodeJS.Timeout | undefined

  const fill = () => {
    // Going through a set while its members move to the end gives every partition its turn.
    for (const assignment of hungry) {
      const limit = Math.min(high - dispatcher.size(), 128)
      if (limit <= 0) return
      hungry.delete(assignment)
      // A partition that gave fewer than asked is at its end: it waits for `wake`.
      if (assignment.fetch(limit) === limit) hungry.add(assignment)
    }
  }

  const commit = async () => {
    clearTimeout(committing)
    committing = undefined
    await Promise.all([...assignments.values()].map((assignment) => assignment.commit()))
  }

  const commitSoon = () => {
    // A commit that fails is not lost: the next one covers it.
    committing ??= setTimeout(() => void commit().catch(() => {}), COMMIT_EVERY_MS)
  }

  const dispatcher = createKeyDispatcher(options.concurrency, () => {
    commitSoon()
    if (hungry.size > 0 && dispatcher.size() < high / 2) fill()
  })

  return {
    topics: options.topics,
    assigned: () => [...assignments.values()].map((assignment) => assignment.place),
    inFlight: () => dispatcher.size(),
    wake: (place) => {
      const assignment = assignments.get(nameOf(place))
      if (assignment === undefined) return
      hungry.add(assignment)
      if (dispatcher.size() < high) fill()
    },
    own: async (places, graceMs) => {
      const wanted = new Set(places.map(nameOf))
      const leaving = [...assignments.values()].filter((assignment) => !wanted.has(nameOf(assignment.place)))
      for (const assignment of leaving) {
        assignments.delete(nameOf(assignment.place))
        hungry.delete(assignment)
      }
      await Promise.all(leaving.map((assignment) => assignment.revoke(graceMs)))
      for (const place of places) {
        if (assignments.has(nameOf(place))) continue
        const assignment = createAssignment(log, dispatcher, options, place)
        assignments.set(nameOf(place), assignment)
        hungry.add(assignment)
      }
      fill()
    },
    commit,
  }
}
