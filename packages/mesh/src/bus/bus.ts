/** A record before it has a place. */
export type OutgoingRecord = {
  readonly topic: string
  /** Decides the partition; records of one key keep their order. Null: no order is wanted. */
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly value: Uint8Array | null
}

/** A record at its place in the log. */
export type BusRecord = OutgoingRecord & {
  readonly partition: number
  /** Rises within the partition; gaps are possible. */
  readonly offset: number
  /** Milliseconds since the epoch, when the bus took it. */
  readonly timestamp: number
}

/** A topic as services declare it. */
export type Topic = { readonly name: string; readonly partitions: number }

/** One partition of one topic. */
export type TopicPartition = { readonly topic: string; readonly partition: number }

/** What a consumer wants. */
export type SubscribeOptions = {
  /** Consumer group: the service's name. Each record goes to one member of each group. */
  readonly group: string
  readonly topics: readonly string[]
  /** Keys handled at once, 1 or more. */
  readonly concurrency: number
  /** Asked before each record is started: no more keys than this are handled at once just now. 1 to `concurrency`. */
  readonly limit?: () => number
  /**
   * Least time between two reads of the log, in milliseconds: under a steady trickle records then come a few together,
   * which costs less. The first record after a silence comes at once. A hint; a driver has a default of its own, and one
   * whose reads cost nothing does not wait.
   */
  readonly lingerMs?: number
  /**
   * Handles one record; when it resolves, the record is finished. Records of one key of one topic come one after the
   * other. When it rejects, the same record comes again after a pause, and its key waits. `signal` aborts when the
   * partition is revoked or the subscription closes: then nothing more may be committed.
   */
  readonly handle: (record: BusRecord, signal: AbortSignal) => Promise<void>
}

/** A partition that is worked for beside its records. */
export type Hold = {
  /** Aborts when the partition is somebody else's: then nothing more may be done for it. */
  readonly signal: AbortSignal
  /** The work has ended. */
  release(): void
}

/** A running consumer. */
export type Subscription = {
  /** Whether the group counts this member in, also where all partitions are shared out among others. */
  isMember(): boolean
  /** The partitions whose work this member may take up now; not those that it is giving back. */
  assigned(): readonly TopicPartition[]
  /**
   * Begins work for a partition that is none of the records just handed out: what waited for another attempt. Giving the
   * partition back waits for it as it waits for records in flight. Undefined where the work is not this member's to take up.
   */
  hold(place: TopicPartition): Hold | undefined
  /**
   * Whether this member may still commit what it does for the partition (promise 7): true also while it drains a
   * partition that it gives back. False where it has not heard from the group for so long (the process was stopped)
   * that somebody else may own the partition by now.
   */
  owns(place: TopicPartition): boolean
  /** Records fetched and not finished. */
  inFlight(): number
  /** When the bus took the oldest record that was fetched and is not finished (ms since the epoch); undefined: none. */
  oldest(): number | undefined
  /** Stops fetching, lets what runs finish until `graceMs`, commits, leaves the group. */
  close(graceMs: number): Promise<void>
}

/** How far a group is behind on one partition. */
export type Lag = TopicPartition & {
  /** First offset still in the log. */
  readonly start: number
  /** Next offset that the group will read. */
  readonly committed: number
  /** Next offset that a producer will write. */
  readonly end: number
}

/**
 * The bus port: a durable, partitioned log with consumer groups. Drivers: embedded, kafka. Delivery is at least once.
 * Conformance suite: packages/testing.
 */
export type Bus = {
  /** Makes missing topics. A topic that exists keeps its partitions. */
  declare(topics: readonly Topic[]): Promise<void>
  /**
   * Resolves when every record is durable, each at its place. All or nothing for the caller: when it rejects
   * (MeshError MESH_BUS_UNAVAILABLE), some may still have been written, so consumers must drop duplicates.
   */
  publish(records: readonly OutgoingRecord[]): Promise<TopicPartition[]>
  subscribe(options: SubscribeOptions): Promise<Subscription>
  /** Position of a group on each partition of the topics. */
  lag(group: string, topics: readonly string[]): Promise<Lag[]>
  /** Reads records of one partition from `offset`, without a group: for audits. At most `limit`. */
  read(place: TopicPartition, offset: number, limit: number): Promise<BusRecord[]>
  close(): Promise<void>
}
