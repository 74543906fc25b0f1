import type { KeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { createOffsetTracker } from '../../../dispatch/offset-tracker.ts'
import { createRunning } from '../../../flow/running.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import type { BusRecord, Hold, SubscribeOptions, TopicPartition } from '../../bus.ts'
import type { Fetched } from './log-requests.ts'
import { type FetchedMessage, toBusRecord, visible } from './record.ts'

/** What a partition works with. */
export type OwnedParts = {
  readonly dispatcher: KeyDispatcher
  readonly handle: SubscribeOptions['handle']
  /** Whether records may be started; asked before each. */
  readonly mayStart: () => boolean
  /** Most unfinished records: one stuck key takes no room from other partitions, and holds no backlog in memory. */
  readonly window: number
  /** Something is finished: there may be room, and news to commit. */
  readonly onFinish: (partition: OwnedPartition) => void
}

/** One partition as long as this member owns it. After {@link abort} it hands out and commits nothing (promise 7). */
export type OwnedPartition = {
  readonly place: TopicPartition
  /** Next offset to fetch; undefined until {@link start}. */
  position(): number | undefined
  /** Begins at an offset; `committed`: what the group has committed, if it has. */
  start(offset: number, committed: number | undefined): void
  /** Takes what came of a fetch from `from`; answers whether anything did. What no longer fits is left out. */
  accept(from: number, fetched: Fetched): boolean
  /** Bytes fetched and not handed to handlers yet, roughly. */
  buffered(): number
  /** Hands records to the dispatcher as far as the window allows. */
  fill(): void
  /** Work for the partition beside its records, which {@link drain} waits for; undefined: it is being given back. */
  hold(): Hold | undefined
  /** Records handed out so far. */
  handedOut(): number
  /** Unfinished records in the dispatcher. */
  pending(): number
  /** When the bus took the oldest of them. */
  oldest(): number | undefined
  /** The offset to commit, if it is not committed yet. */
  news(): number | undefined
  /** `offset` is committed. */
  committed(offset: number): void
  /** Starts nothing more, and waits until what runs has ended or the grace is over. */
  drain(graceMs: number): Promise<void>
  draining(): boolean
  /** Ends it on the spot. */
  abort(): void
  aborted(): boolean
}

/** Pause before a record comes again whose handling failed as a whole (store down). */
const REDELIVERY = { initialMs: 50, factor: 2, maxMs: 5_000, jitter: 0.2 }

/**
 * Most records behind one that keeps failing: each is remembered until it can be committed (promise 9), and comes again
 * after a crash.
 */
const MOST_UNCOMMITTED = 10_000

/** What a record takes besides its bytes. */
const RECORD_BYTES = 128

const bytesOf = ({ key, value }: FetchedMessage): number =>
  RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)

/** Starts owning a partition; nothing comes before {@link OwnedPartition.start}. */
export const createOwnedPartition = (place: TopicPartition, parts: OwnedParts): OwnedPartition => {
  const { dispatcher, handle } = parts
  const abort = new AbortController()
  const { signal } = abort
  const tracker = createOffsetTracker()
  let position: number | undefined
  let done: number | undefined
  let buffer: FetchedMessage[] = []
  let next = 0
  let bytes = 0
  let handed = 0
  const running = createRunning()
  let stopped = false

  /** One try. A record that could not be handled as a whole comes again after a pause; whoever handles has told why. */
  const deliver = (record: BusRecord): (() => Promise<number | undefined>) => {
    let failures = 0
    return async () => {
      if (signal.aborted || stopped || !parts.mayStart()) return undefined
      const ended = running.begin()
      try {
        await handle(record, signal)
        if (!signal.aborted) {
          tracker.finish(record.offset)
          parts.onFinish(self)
        }
        return undefined
      } catch {
        return signal.aborted || stopped ? undefined : backoffMs(REDELIVERY, ++failures, Math.random())
      } finally {
        ended()
      }
    }
  }

  const forget = () => {
    buffer = []
    next = 0
    bytes = 0
    dispatcher.drop((record) => record.topic === place.topic && record.partition === place.partition)
  }

  const self: OwnedPartition = {
    place,
    position: () => position,
    start: (offset, committed) => {
      position = offset
      done = committed
    },
    accept: (from, { messages, aborted }) => {
      const last = messages.at(-1)
      if (stopped || from !== position || last === undefined) return false
      const fresh = visible(messages, aborted, from)
      buffer = next === buffer.length ? fresh : [...buffer.slice(next), ...fresh]
      next = 0
      for (const message of fresh) bytes += bytesOf(message)
      position = Math.max(from, Number(last.offset) + 1)
      return position > from
    },
    buffered: () => bytes,
    fill: () => {
      while (!stopped && tracker.pending() < parts.window && tracker.span() < MOST_UNCOMMITTED) {
        const message = buffer[next]
        if (message === undefined) break
        next++
        handed++
        bytes -= bytesOf(message)
        const record = toBusRecord(place, message)
        tracker.receive(record.offset, record.timestamp)
        dispatcher.add({ record, run: deliver(record) })
      }
      if (next < buffer.length) return
      buffer = []
      next = 0
    },
    handedOut: () => handed,
    hold: () => (stopped || signal.aborted ? undefined : { signal, release: running.begin() }),
    pending: tracker.pending,
    oldest: tracker.oldest,
    news: () => {
      if (signal.aborted) return undefined
      // Where everything is finished, what stands between the last record and the next fetch is nobody's record.
      const isIdle = next === buffer.length && tracker.pending() === 0 && tracker.committable() !== undefined
      // A drain has forgotten what was fetched: then the next fetch is past records that nobody has seen.
      const offset = isIdle && !stopped ? position : tracker.committable()
      return offset === undefined || offset <= (done ?? -1) ? undefined : offset
    },
    committed: (offset) => {
      done = Math.max(done ?? -1, offset)
    },
    drain: async (graceMs) => {
      stopped = true
      forget()
      await running.none(graceMs, signal)
      // What came to a pause meanwhile has no more business here.
      forget()
    },
    draining: () => stopped,
    abort: () => {
      stopped = true
      abort.abort()
      forget()
    },
    aborted: () => signal.aborted,
  }
  return self
}
