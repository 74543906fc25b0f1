import { createKeyDispatcher } from '../../dispatch/key-dispatcher.ts'
import type { Hold, SubscribeOptions, TopicPartition } from '../bus.ts'
import { type Assignment, createAssignment } from './assignment.ts'
import type { EmbeddedLog } from './log.ts'
import { placeName } from '../partition.ts'

/** Offsets are committed at most this often; a crash in between only means that finished records come again. */
const COMMIT_EVERY_MS = 20

/** Pause after a read of the log that failed. */
const READ_AGAIN_MS = 500

/** One consumer of a group in this process. */
export type Member = {
  readonly topics: readonly string[]
  assigned(): readonly TopicPartition[]
  hold(place: TopicPartition): Hold | undefined
  owns(place: TopicPartition): boolean
  inFlight(): number
  oldest(): number | undefined
  /** New records may be on this partition. */
  wake(place: TopicPartition): void
  /** Takes and gives back partitions so that exactly `places` are owned; resolves when what was given back is drained. */
  own(places: readonly TopicPartition[], graceMs: number): Promise<void>
  commit(): Promise<void>
}

const earliest = (times: readonly (number | undefined)[]): number | undefined =>
  times.reduce((first, time) => (first === undefined || (time ?? first) < first ? time : first), undefined)

/** Makes a member that owns nothing yet. */
export const createMember = (log: EmbeddedLog, options: SubscribeOptions): Member => {
  const assignments = new Map<string, Assignment>()
  /** Given back, but not drained yet. */
  const leaving = new Set<Assignment>()
  const hungry = new Set<Assignment>()
  // Enough to keep every place busy from one partition alone, little enough to hold no backlog in memory (promise 9).
  const window = Math.max(options.concurrency * 2, 64)
  let committing: NodeJS.Timeout | undefined
  let filling: NodeJS.Immediate | undefined
  let retrying: NodeJS.Timeout | undefined

  const fill = () => {
    for (const assignment of hungry) {
      // A partition that is at its end waits for `wake`.
      if (assignment.fetch(window)) hungry.delete(assignment)
    }
  }

  /** Reads once for everybody who published in this turn of the event loop. */
  const fillSoon = () => {
    filling ??= setImmediate(() => {
      filling = undefined
      try {
        fill()
      } catch {
        // The disk may be what fails: the engine's health check tells, and here we only go on asking.
        retrying ??= setTimeout(() => {
          retrying = undefined
          fillSoon()
        }, READ_AGAIN_MS)
      }
    })
  }

  const stopReading = () => {
    clearImmediate(filling)
    clearTimeout(retrying)
    filling = undefined
    retrying = undefined
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

  const dispatcher = createKeyDispatcher(options.limit ?? (() => options.concurrency), () => {
    commitSoon()
    if (hungry.size > 0) fillSoon()
  })

  return {
    topics: options.topics,
    assigned: () => [...assignments.values()].map((assignment) => assignment.place),
    hold: (place) => assignments.get(placeName(place))?.hold(),
    owns: (place) =>
      assignments.has(placeName(place)) ||
      [...leaving].some((other) => placeName(other.place) === placeName(place)),
    inFlight: () => dispatcher.size(),
    oldest: () => earliest([...assignments.values()].map((assignment) => assignment.oldest())),
    wake: (place) => {
      const assignment = assignments.get(placeName(place))
      if (assignment === undefined) return
      hungry.add(assignment)
      fillSoon()
    },
    own: async (places, graceMs) => {
      const wanted = new Set(places.map(placeName))
      const lost = [...assignments.values()].filter((assignment) => !wanted.has(placeName(assignment.place)))
      for (const assignment of lost) {
        assignments.delete(placeName(assignment.place))
        leaving.add(assignment)
        hungry.delete(assignment)
      }
      await Promise.all(
        lost.map((assignment) => assignment.revoke(graceMs).finally(() => leaving.delete(assignment))),
      )
      for (const place of places) {
        if (assignments.has(placeName(place))) continue
        const assignment = createAssignment(log, dispatcher, options, place)
        assignments.set(placeName(place), assignment)
        hungry.add(assignment)
      }
      if (hungry.size > 0) fillSoon()
      else stopReading()
    },
    commit,
  }
}
