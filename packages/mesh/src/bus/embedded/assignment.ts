import type { KeyDispatcher } from '../../dispatch/key-dispatcher.ts'
import { createOffsetTracker } from '../../dispatch/offset-tracker.ts'
import { createRunning } from '../../flow/running.ts'
import { failpoint } from '../../failpoint/failpoint.ts'
import { backoffMs } from '../../retry/backoff.ts'
import type { BusRecord, Hold, SubscribeOptions, TopicPartition } from '../bus.ts'
import type { EmbeddedLog } from './log.ts'

/** One partition as long as one member owns it. After {@link revoke} it hands out and commits nothing (promise 7). */
export type Assignment = {
  readonly place: TopicPartition
  /**
   * Reads further records into the dispatcher, up to `window` unfinished ones: a key that is stuck here takes no room
   * from other partitions. Answers whether there was room for more than the log held.
   */
  fetch(window: number): boolean
  /** Work for the partition beside its records; {@link revoke} waits for it. */
  hold(): Hold
  /** Timestamp of the oldest record that was fetched and is not finished; undefined: none. */
  oldest(): number | undefined
  /** Writes the contiguous end of what is finished, if it moved. */
  commit(): Promise<void>
  /** Forgets what is queued, lets what runs finish until `graceMs`, commits; then hands out and commits nothing more. */
  revoke(graceMs: number): Promise<void>
}

/** Pause before a record comes again whose handling failed as a whole (store down). */
const REDELIVERY = { initialMs: 50, factor: 2, maxMs: 5_000, jitter: 0.2 }

/** Starts owning a partition at the group's committed offset. */
export const createAssignment = (
  log: EmbeddedLog,
  dispatcher: KeyDispatcher,
  { group, handle }: Pick<SubscribeOptions, 'group' | 'handle'>,
  place: TopicPartition,
): Assignment => {
  const abort = new AbortController()
  const { signal } = abort
  const tracker = createOffsetTracker()
  const known = log.committed(group, place)
  let committed = Math.max(known ?? 0, log.bounds(place).start)
  // From now on the group counts when the log is trimmed, even before it has finished its first record.
  if (known === undefined) void log.commit(group, place, committed).catch(() => {})
  let position = committed
  const running = createRunning()

  /** One try. A record that could not be handled as a whole comes again after a pause; whoever handles has told why. */
  const deliver = (record: BusRecord): (() => Promise<number | undefined>) => {
    let failures = 0
    return async () => {
      const ended = running.begin()
      try {
        await handle(record, signal)
        if (!signal.aborted) tracker.finish(record.offset)
        return undefined
      } catch {
        return signal.aborted ? undefined : backoffMs(REDELIVERY, ++failures, Math.random())
      } finally {
        ended()
      }
    }
  }

  const commit = async () => {
    const offset = tracker.committable()
    if (signal.aborted || offset === undefined || offset <= committed) return
    failpoint('offset.before-commit')
    await log.commit(group, place, offset)
    committed = Math.max(committed, offset)
  }

  return {
    place,
    fetch: (window) => {
      const limit = window - tracker.pending()
      // Few large reads rather than one for each record that finishes.
      if (limit < window / 4) return false
      const records = log.read(place, position, limit)
      for (const record of records) {
        tracker.receive(record.offset, record.timestamp)
        position = record.offset + 1
        dispatcher.add({ record, run: deliver(record) })
      }
      return records.length < limit
    },
    hold: () => ({ signal, release: running.begin() }),
    oldest: tracker.oldest,
    commit,
    revoke: async (graceMs) => {
      dispatcher.drop((record) => record.topic === place.topic && record.partition === place.partition)
      await running.none(graceMs)
      // What came to a pause meanwhile has no more business here.
      dispatcher.drop((record) => record.topic === place.topic && record.partition === place.partition)
      // The store may be what keeps us from committing: then the records come again to the next owner.
      await commit().catch(() => {})
      abort.abort()
    },
  }
}
