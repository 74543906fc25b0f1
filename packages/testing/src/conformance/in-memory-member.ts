import { placeName } from '@commerce-mesh/mesh'
import type { BusRecord, Hold, SubscribeOptions, Subscription, TopicPartition } from '@commerce-mesh/mesh'
import type { InMemoryLog, LogMember } from './in-memory-log.ts'

/** Records of one partition that a member may hold. */
const WINDOW = 100

/** Pause before a rejected record comes again, in milliseconds. */
const PAUSE_MS = 5

/** A partition in the hands of a member, until it is revoked. */
type Claim = {
  readonly place: TopicPartition
  readonly controller: AbortController
  /** Next offset to fetch. */
  next: number
  /** Fetched, and neither running nor finished, by offset. */
  waiting: BusRecord[]
  /** Offset and timestamp of what was fetched and is not finished; ascending, as a Map keeps its order. */
  readonly open: Map<number, number>
  /** Keys with a record that runs or pauses. */
  readonly busy: Set<string>
}

/** A subscription to an {@link InMemoryLog}: per-key dispatch, contiguous commits. */
export class InMemoryMember implements LogMember, Subscription {
  readonly group: string
  readonly topics: readonly string[]
  readonly #log: InMemoryLog
  readonly #options: SubscribeOptions
  #claims = new Map<string, Claim>()
  readonly #running = new Set<Promise<void>>()
  #closed: Promise<void> | undefined

  constructor(log: InMemoryLog, options: SubscribeOptions) {
    this.group = options.group
    this.topics = options.topics
    this.#log = log
    this.#options = options
    log.join(this)
  }

  isMember(): boolean {
    return this.#closed === undefined
  }

  hold(place: TopicPartition): Hold | undefined {
    const claim = this.#claims.get(placeName(place))
    if (claim === undefined) return undefined
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running.add(promise)
    void promise.then(() => this.#running.delete(promise))
    return { signal: claim.controller.signal, release: resolve }
  }

  assigned(): TopicPartition[] {
    return [...this.#claims.values()].map(({ place }) => place)
  }

  owns(place: TopicPartition): boolean {
    return this.#claims.has(placeName(place))
  }

  oldest(): number | undefined {
    const firsts = [...this.#claims.values()].flatMap(({ open }) => [...open.values().take(1)])
    return firsts.length === 0 ? undefined : Math.min(...firsts)
  }

  inFlight(): number {
    return this.#claims.values().reduce((sum, { open }) => sum + open.size, 0)
  }

  assign(places: readonly TopicPartition[]): void {
    const before = this.#claims
    this.#claims = new Map(
      places.map((place) => [placeName(place), before.get(placeName(place)) ?? this.#claim(place)]),
    )
    for (const [name, claim] of before) if (!this.#claims.has(name)) claim.controller.abort()
  }

  wake(): void {
    if (this.#closed !== undefined) return
    for (const claim of this.#claims.values()) {
      this.#fetch(claim)
      for (const record of startable(claim)) {
        if (this.#running.size >= this.#options.concurrency) return
        this.#start(claim, record)
      }
    }
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#drain(graceMs)
    return this.#closed
  }

  async #drain(graceMs: number): Promise<void> {
    const { promise: expired, resolve } = Promise.withResolvers<void>()
    // Node fires at once when a delay is beyond 31 bits.
    const timer = setTimeout(resolve, Math.min(graceMs, 2 ** 31 - 1))
    await Promise.race([Promise.all(this.#running), expired])
    clearTimeout(timer)
    this.assign([])
    this.#log.leave(this)
  }

  #claim(place: TopicPartition): Claim {
    const next = this.#log.committed(this.group, place)
    return { place, controller: new AbortController(), next, waiting: [], open: new Map(), busy: new Set() }
  }

  #fetch(claim: Claim): void {
    const { topic, partition } = claim.place
    const records = this.#log.topic(topic)?.[partition] ?? []
    while (claim.open.size < WINDOW) {
      const record = records[claim.next]
      if (record === undefined) return
      claim.next += 1
      claim.open.set(record.offset, record.timestamp)
      claim.waiting.push(record)
    }
  }

  #start(claim: Claim, record: BusRecord): void {
    claim.waiting = claim.waiting.filter((other) => other !== record)
    if (record.key !== null) claim.busy.add(record.key)
    const run = this.#handle(claim, record).finally(() => {
      this.#running.delete(run)
      this.wake()
    })
    this.#running.add(run)
  }

  async #handle(claim: Claim, record: BusRecord): Promise<void> {
    const { signal } = claim.controller
    try {
      await this.#options.handle(structuredClone(record), signal)
      if (!signal.aborted) this.#finish(claim, record)
    } catch {
      if (!signal.aborted) this.#pause(claim, record)
    }
  }

  #finish(claim: Claim, record: BusRecord): void {
    claim.open.delete(record.offset)
    if (record.key !== null) claim.busy.delete(record.key)
    const [lowest = claim.next] = claim.open.keys()
    this.#log.commit(this.group, claim.place, lowest)
  }

  #pause(claim: Claim, record: BusRecord): void {
    setTimeout(() => {
      if (record.key !== null) claim.busy.delete(record.key)
      claim.waiting = [record, ...claim.waiting].toSorted((a, b) => a.offset - b.offset)
      if (!claim.controller.signal.aborted) this.wake()
    }, PAUSE_MS)
  }
}

/** Waiting records that may start: none of their key runs, pauses or waits before them. */
const startable = (claim: Claim): BusRecord[] => {
  const held = new Set(claim.busy)
  return claim.waiting.filter(({ key }) => {
    if (key === null) return true
    const free = !held.has(key)
    held.add(key)
    return free
  })
}
