import type { Logger } from 'pino'
import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import type { TopicPartition } from '../../bus.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { kafkaWords } from '../failure.ts'
import { type Alarm, createAlarm } from './alarm.ts'
import type { Fetched, LogRequests } from './log-requests.ts'
import type { OwnedPartition } from './owned-partition.ts'
import type { Standstills } from './standstill.ts'
import { isUnreadable } from './unreadable.ts'
import { placeName } from '../../partition.ts'

/** What fetching works with. */
export type FetchParts = {
  readonly requests: Pick<LogRequests, 'fetch' | 'earliest'>
  /** What is owned at this moment. */
  readonly owned: () => readonly OwnedPartition[]
  readonly leaderOf: (place: TopicPartition) => number | undefined
  /** Why the brokers tell nothing of a topic, in Kafka's word. */
  readonly faultOf: (topic: string) => string | undefined
  readonly standstills: Standstills
  /** Asks the brokers again who leads what. */
  readonly refresh: () => Promise<void>
  /** Records came: hand them out. */
  readonly onRecords: (partition: OwnedPartition) => void
  /** The log does not hold what is to be read next: it was deleted by age, or the topic was made anew. */
  readonly onOutOfRange: (partition: OwnedPartition, earliest: number) => void
  readonly log: Logger
  /** As in the options of the subscription; 5 when absent. */
  readonly lingerMs?: number | undefined
}

/** Fetches for all owned partitions, from each leader on its own: one that is away holds up no other. */
export type FetchLoop = {
  /** Something is owned that was not, or has a leader. */
  poke(): void
  /** Something has room again. */
  room(): void
  stop(): void
}

/** How long a broker may wait for the first record. What becomes hungry meanwhile waits with it. */
const LONG_POLL_MS = 500
/** The same while a partition that was left out is being worked off. */
const SHORT_POLL_MS = 10

/**
 * Least time between two fetches from a broker. Under a steady trickle each record would cost a request that names every
 * partition; so a few come together. After a silence the first record still comes at once.
 */
const LINGER_MS = 5

/** Bytes that all partitions together may hold ready (promise 9), and what one gets of that. */
const BUDGET_BYTES = 16 * 1_048_576
const LEAST_BYTES = 16 * 1_024
const MOST_BYTES = 512 * 1_024

const LOOK_AGAIN_MS = 1_000
const IDLE_MS = 60_000
const REFUSED_MS = 250
const UNREADABLE_MS = 10_000

/** Starts fetching nothing. */
export const createFetchLoop = (parts: FetchParts): FetchLoop => {
  const { requests, log, standstills, lingerMs = LINGER_MS } = parts
  const loops = new Map<number, Alarm>()
  const outside = createAlarm()
  /** Partitions that are left alone until a time (monotonic), because of a refusal. */
  const held = new WeakMap<OwnedPartition, number>()
  const handed = new WeakMap<OwnedPartition, number>()
  const ending = new AbortController()
  const { signal: ended } = ending
  let refreshing: Promise<void> | undefined
  let turn = 0

  const share = () => {
    const each = Math.floor(BUDGET_BYTES / Math.max(1, parts.owned().length))
    return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, each))
  }

  const hold = (partition: OwnedPartition, ms: number) => held.set(partition, performance.now() + ms)

  const heldForMs = (partition: OwnedPartition) => (held.get(partition) ?? 0) - performance.now()

  /** Callers at the same time share one request, and nobody asks twice within a moment. */
  const refresh = () => {
    refreshing ??= parts
      .refresh()
      .catch((thrown: unknown) => log.debug({ err: kafkaWords(thrown) }, 'no answer about topics'))
      .then(() => void setTimeout(() => (refreshing = undefined), REFUSED_MS).unref())
    return refreshing
  }

  const hungry = (ofNode: readonly OwnedPartition[], bytes: number) =>
    ofNode.filter(
      (partition) =>
        partition.position() !== undefined &&
        !partition.draining() &&
        partition.buffered() < bytes / 2 &&
        heldForMs(partition) <= 0,
    )

  /** Whether somebody that is full now will be hungry soon. */
  const isMoving = (full: ReadonlySet<OwnedPartition>) => {
    let moving = false
    for (const partition of full) {
      moving ||= partition.handedOut() > (handed.get(partition) ?? 0)
      handed.set(partition, partition.handedOut())
    }
    return moving
  }

  const refused = (partition: OwnedPartition, refusal: string) => {
    hold(partition, Math.max(REFUSED_MS, standstills.note(partition, refusal)))
    log.debug({ ...partition.place, refusal }, 'a partition’s leader refuses a fetch')
    void refresh().then(poke)
  }

  const findEarliest = async (node: number, partition: OwnedPartition) => {
    hold(partition, REFUSED_MS)
    try {
      parts.onOutOfRange(partition, await requests.earliest(node, partition.place))
    } catch (thrown) {
      refused(partition, kafkaWords(thrown))
    }
  }

  const take = async (node: number, partition: OwnedPartition, from: number, fetched: Fetched) => {
    switch (fetched.refusal) {
      case undefined:
        standstills.over(partition)
        if (partition.accept(from, fetched)) parts.onRecords(partition)
        return
      case 'OFFSET_OUT_OF_RANGE':
        if (!partition.draining() && partition.position() === from) await findEarliest(node, partition)
        return
      default:
        refused(partition, fetched.refusal)
    }
  }

  const fetchFrom = async (
    node: number,
    wanted: readonly OwnedPartition[],
    bytes: number,
    waitMs: number,
  ) => {
    const asked = wanted.map((partition) => ({ partition, from: partition.position() ?? 0 }))
    const byName = new Map(asked.map((one) => [placeName(one.partition.place), one]))
    const answers = await requests.fetch(
      node,
      asked.map(({ partition, from }) => ({ ...partition.place, offset: from, maxBytes: bytes })),
      waitMs,
    )
    for (const fetched of answers) {
      const of = byName.get(placeName(fetched))
      if (of !== undefined) await take(node, of.partition, of.from, fetched)
    }
  }

  /** An answer that can't be read is found by asking for one partition at a time; the others go on. */
  const singleOut = async (node: number, wanted: readonly OwnedPartition[], bytes: number) => {
    for (const partition of wanted) {
      try {
        await fetchFrom(node, [partition], bytes, 0)
      } catch (thrown) {
        if (!isUnreadable(thrown)) throw thrown
        hold(partition, UNREADABLE_MS)
        log.error(
          { ...partition.place, offset: partition.position(), reason: kafkaWords(thrown) },
          'records can’t be read from the log, so this partition stands still: they are compressed in a way this release can’t read, or damaged',
        )
      }
    }
  }

  const round = async (node: number, alarm: Alarm): Promise<boolean> => {
    const ofNode = parts.owned().filter(({ place }) => parts.leaderOf(place) === node)
    if (ofNode.length === 0) return false
    const bytes = share()
    const wanted = hungry(ofNode, bytes)
    if (wanted.length === 0) {
      const soonest = Math.min(...ofNode.map(heldForMs).filter((ms) => ms > 0))
      await alarm.wait(Math.min(soonest, LOOK_AGAIN_MS))
      return true
    }
    // The broker fills its answer in this order.
    const shift = turn++ % wanted.length
    const turned = [...wanted.slice(shift), ...wanted.slice(0, shift)]
    const full = new Set(ofNode).difference(new Set(wanted))
    try {
      await fetchFrom(node, turned, bytes, isMoving(full) ? SHORT_POLL_MS : LONG_POLL_MS)
    } catch (thrown) {
      if (!isUnreadable(thrown)) throw thrown
      await singleOut(node, turned, bytes)
    }
    return true
  }

  const keepFetching = async (node: number, alarm: Alarm) => {
    for (let failures = 0; !ended.aborted;) {
      const started = performance.now()
      try {
        if (!(await round(node, alarm))) break
        failures = 0
        const early = lingerMs - (performance.now() - started)
        if (early > 0) await pause(early, ended)
      } catch (thrown) {
        const why = kafkaWords(thrown)
        log.debug({ node, err: why }, 'no answer to a fetch')
        for (const partition of parts.owned())
          if (parts.leaderOf(partition.place) === node) standstills.note(partition, why)
        await refresh()
        await alarm.wait(backoffMs(BETWEEN_TRIES, ++failures, Math.random()))
      }
    }
    loops.delete(node)
    if (!ended.aborted) poke()
  }

  const room = () => {
    for (const alarm of loops.values()) alarm.ring()
  }

  /** Starts what is missing; what has no leader is looked for until it has one. */
  const poke = () => {
    if (ended.aborted) return
    let leaderless = false
    for (const { place } of parts.owned()) {
      const node = parts.leaderOf(place)
      if (node === undefined) leaderless = true
      else if (!loops.has(node)) {
        const alarm = createAlarm()
        loops.set(node, alarm)
        void keepFetching(node, alarm)
      }
    }
    room()
    if (leaderless) outside.ring()
  }

  const leaderless = () => parts.owned().filter(({ place }) => parts.leaderOf(place) === undefined)

  /** Milliseconds until it is worth while to look again. */
  const noteLeaderless = (): number => {
    const waits = leaderless().map((partition) => {
      const why = parts.faultOf(partition.place.topic) ?? 'LEADER_NOT_AVAILABLE'
      return Math.max(REFUSED_MS, standstills.note(partition, why))
    })
    return waits.length === 0 ? 0 : Math.min(...waits)
  }

  const keepLooking = async () => {
    while (!ended.aborted) {
      await outside.wait(IDLE_MS)
      while (!ended.aborted && leaderless().length > 0) {
        await refresh()
        poke()
        await pause(noteLeaderless(), ended)
      }
    }
  }
  void keepLooking()

  return {
    poke,
    room,
    stop: () => {
      ending.abort()
      outside.ring()
      room()
    },
  }
}
