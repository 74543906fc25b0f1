import { partitionOf, type BusRecord, type OutgoingRecord, type TopicPartition } from '@commerce-mesh/mesh'

/** A member of a group, as the log sees it. */
export type LogMember = {
  readonly group: string
  readonly topics: readonly string[]
  /** Takes over these partitions and lets go of all others. */
  assign(places: readonly TopicPartition[]): void
  /** Looks for records. */
  wake(): void
}

/** What in-memory buses share: the records, the positions of the groups, and who is a member of which. */
export class InMemoryLog {
  readonly #topics = new Map<string, BusRecord[][]>()
  readonly #commits = new Map<string, number>()
  readonly #members = new Set<LogMember>()

  /** The partitions of a topic, or undefined when nobody declared it. */
  topic(name: string): readonly (readonly BusRecord[])[] | undefined {
    return this.#topics.get(name)
  }

  /** Makes the topic unless it exists. */
  declare(name: string, partitions: number): void {
    if (this.#topics.has(name)) return
    this.#topics.set(
      name,
      Array.from({ length: partitions }, () => []),
    )
    this.#rebalance()
  }

  /** Appends a copy of the record; its topic must exist. */
  append(record: OutgoingRecord): TopicPartition {
    const partitions = this.#topics.get(record.topic) ?? []
    const partition = record.key === null ? 0 : partitionOf(record.key, partitions.length)
    const value = record.value === null ? null : Uint8Array.from(record.value)
    const log = partitions[partition] ?? []
    log.push({
      ...record,
      headers: { ...record.headers },
      value,
      partition,
      offset: log.length,
      timestamp: Date.now(),
    })
    return { topic: record.topic, partition }
  }

  /** Has every member look for records, after what runs now. */
  wake(): void {
    queueMicrotask(() => this.#members.forEach((member) => member.wake()))
  }

  /** Next offset that the group will read. */
  committed(group: string, { topic, partition }: TopicPartition): number {
    return this.#commits.get(`${group}/${topic}/${partition}`) ?? 0
  }

  /** Moves the position of a group. */
  commit(group: string, { topic, partition }: TopicPartition, offset: number): void {
    this.#commits.set(`${group}/${topic}/${partition}`, offset)
  }

  join(member: LogMember): void {
    this.#members.add(member)
    this.#rebalance()
  }

  leave(member: LogMember): void {
    if (this.#members.delete(member)) this.#rebalance()
  }

  #rebalance(): void {
    const groups = Map.groupBy(this.#members, ({ group }) => group)
    for (const members of groups.values()) {
      const shares = new Map(members.map((member) => [member, [] as TopicPartition[]]))
      for (const [topic, partitions] of this.#topics) {
        const readers = members.filter(({ topics }) => topics.includes(topic))
        for (const partition of partitions.keys()) {
          const owner = readers[partition % readers.length]
          if (owner !== undefined) shares.get(owner)?.push({ topic, partition })
        }
      }
      // Everybody lets go before anybody takes over: assign() aborts what is lost, then new owners wake.
      for (const [member, places] of shares) member.assign(places)
    }
    this.wake()
  }
}
