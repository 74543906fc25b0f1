import type { TopicPartition } from '../../bus.ts'
import type { Ticket } from './ticket.ts'

/** A record as kafkajs encodes it. */
export type Message = {
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

/** A record that is not written yet. */
export type Entry = { readonly ticket: Ticket; readonly message: Message; readonly bytes: number }

/** What waits for one partition. Its records are sent in their order, one request at a time. */
export type Lane = {
  readonly place: TopicPartition
  waiting: Entry[]
  /** A request with its records is under way. */
  busy: boolean
  /** Tries that failed since something was written last. */
  failures: number
  /** Since when nothing could be written; performance.now(). */
  failingSince: number | undefined
  /** Nothing is sent until the pause after a failure is over. */
  resting: boolean
  /** What went wrong last, for people. */
  words: string
  /** Most bytes in one request; less after the broker found a batch too large. */
  most: number
}

/** Some records of one partition, on their way. */
export type Part = { readonly lane: Lane; readonly entries: readonly Entry[]; readonly bytes: number }

/** How much goes into one produce request. */
export type BatchLimits = { readonly records: number; readonly bytes: number; readonly partBytes: number }

/** Opens the lane of a partition. */
export const openLane = (place: TopicPartition, { partBytes }: BatchLimits): Lane => ({
  place,
  waiting: [],
  busy: false,
  failures: 0,
  failingSince: undefined,
  resting: false,
  words: '',
  most: partBytes,
})

/** Forgets records at the front whose callers were told that their time is over; returns them. */
export const dropSettled = (lane: Lane): Entry[] => {
  const alive = lane.waiting.findIndex(({ ticket }) => !ticket.settled())
  return lane.waiting.splice(0, alive === -1 ? lane.waiting.length : alive)
}

/** What was taken out of lanes: to send, and what nobody waits for any more. */
export type Batch = { readonly parts: readonly Part[]; readonly dropped: readonly Entry[] }

/** Takes from the front of a lane what fits; at least one record, whatever its size. */
const takeFrom = (
  lane: Lane,
  records: number,
  bytes: number,
): Part & { readonly dropped: readonly Entry[] } => {
  const room = Math.min(bytes, lane.most)
  const entries: Entry[] = []
  const dropped: Entry[] = []
  let size = 0
  for (const entry of lane.waiting) {
    if (entry.ticket.settled()) dropped.push(entry)
    else if (entries.length === records || (entries.length > 0 && size + entry.bytes > room)) break
    else {
      entries.push(entry)
      size += entry.bytes
    }
  }
  lane.waiting.splice(0, entries.length + dropped.length)
  return { lane, entries, dropped, bytes: size }
}

/** Takes one request's worth from lanes that lead to the same broker. */
export const takeBatch = (lanes: readonly Lane[], limits: BatchLimits): Batch => {
  const parts: Part[] = []
  const dropped: Entry[] = []
  let { records, bytes } = limits
  for (const lane of lanes) {
    if (records <= 0 || bytes <= 0) break
    const part = takeFrom(lane, records, bytes)
    dropped.push(...part.dropped)
    if (part.entries.length === 0) continue
    parts.push(part)
    records -= part.entries.length
    bytes -= part.bytes
  }
  return { parts, dropped }
}

/** Puts records back to the front, in their order, without those that nobody waits for any more; returns these. */
export const putBack = ({ lane, entries }: Part): Entry[] => {
  lane.waiting = [...entries.filter(({ ticket }) => !ticket.settled()), ...lane.waiting]
  return entries.filter(({ ticket }) => ticket.settled())
}
