import type { OutgoingRecord, TopicPartition } from '../../bus.ts'
import { unavailable } from '../failure.ts'
import { type BatchLimits, type Entry, type Lane, dropSettled, openLane } from './lane.ts'
import type { Ticket } from './ticket.ts'
import { placeName } from '../../partition.ts'

/** How a producer is bounded. */
export type ProducerLimits = {
  /** Milliseconds from the call until the caller is told that nothing was accepted. */
  readonly deadlineMs: number
  /** Records that may be unwritten at once; further callers are refused. */
  readonly waitingRecords: number
  /** Bytes that may be unwritten at once. */
  readonly waitingBytes: number
  readonly batch: BatchLimits
}

/** A caller's records, measured and with their lanes. */
type Load = {
  readonly records: readonly OutgoingRecord[]
  /** One per record. */
  readonly lanes: readonly Lane[]
  /** The same, each once. */
  readonly distinct: readonly Lane[]
  readonly sizes: readonly number[]
  readonly bytes: number
}

/** What is not written yet, within its bounds. */
export type Backlog = {
  /** Lanes with records that no request is under way for. */
  readonly ready: Set<Lane>
  /** Measures records that go to these places, one per record. */
  load(records: readonly OutgoingRecord[], places: readonly TopicPartition[]): Load
  /** Refuses a load that there is no room for, or no hope. @throws MeshError MESH_BUS_UNAVAILABLE */
  admit(load: Load): void
  add(load: Load, ticket: Ticket): void
  /** These take no room any more: written, refused, or nobody waits for them. */
  forget(entries: readonly Entry[]): void
  /** Frees what a caller had waiting who was told that the time is over. */
  abandon(load: Load): void
}

/** What a record takes besides key, value and headers, about. */
const RECORD_OVERHEAD = 24

const sizeOf = ({ key, headers, value }: OutgoingRecord): number => {
  let bytes = RECORD_OVERHEAD + (value?.length ?? 0) + (key === null ? 0 : Buffer.byteLength(key))
  for (const name in headers) bytes += 4 + Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '')
  return bytes
}

const toBuffer = (value: Uint8Array | null): Buffer | null =>
  value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength)

/** Share of the deadline: the first failure shows a little after the call that waits for it. */
const LOST_HOPE = 0.9

/** While a partition has taken nothing for a deadline, one caller at a time finds out whether it does again. */
const hopeless = ({ failingSince, busy, waiting }: Lane, deadlineMs: number): boolean =>
  failingSince !== undefined &&
  performance.now() - failingSince >= deadlineMs * LOST_HOPE &&
  (busy || waiting.length > 0)

/** Starts empty. `servers` are the brokers, for messages. */
export const createBacklog = (limits: ProducerLimits, servers: string): Backlog => {
  const lanes = new Map<string, Lane>()
  const ready = new Set<Lane>()
  const held = { records: 0, bytes: 0 }

  const laneOf = (place: TopicPartition): Lane => {
    const name = placeName(place)
    const lane = lanes.get(name) ?? openLane(place, limits.batch)
    lanes.set(name, lane)
    return lane
  }

  const forget = (entries: readonly Entry[]) => {
    for (const { bytes } of entries) {
      held.records--
      held.bytes -= bytes
    }
  }

  return {
    ready,
    load: (records, places) => {
      const chosen = places.map(laneOf)
      const sizes = records.map(sizeOf)
      const bytes = sizes.reduce((sum, size) => sum + size, 0)
      return { records, lanes: chosen, distinct: [...new Set(chosen)], sizes, bytes }
    },
    admit: ({ records, bytes, distinct }) => {
      const full =
        held.records + records.length > limits.waitingRecords || held.bytes + bytes > limits.waitingBytes
      // One caller alone may bring more: its records are in memory already.
      if (full && held.records > 0)
        throw unavailable(
          `Events come faster than Kafka (${servers}) takes them: ${held.records} wait already. Nothing was accepted.`,
        )
      const stuck = distinct.find((lane) => hopeless(lane, limits.deadlineMs))
      if (stuck === undefined) return
      const seconds = Math.round((performance.now() - (stuck.failingSince ?? 0)) / 1_000)
      throw unavailable(
        `Kafka (${servers}) has taken nothing for ${seconds} s: ${stuck.words}. Nothing was accepted.`,
      )
    },
    add: ({ records, lanes: chosen, distinct, sizes, bytes: total }, ticket) => {
      held.records += records.length
      held.bytes += total
      for (const [at, { key, value, headers }] of records.entries()) {
        const message = { key, value: toBuffer(value), headers }
        chosen[at]?.waiting.push({ ticket, message, bytes: sizes[at] ?? 0 })
      }
      for (const lane of distinct) if (!lane.busy) ready.add(lane)
    },
    forget,
    abandon: ({ distinct }) => {
      for (const lane of distinct) forget(dropSettled(lane))
    },
  }
}
