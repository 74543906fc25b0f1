import type { KafkaSettings } from '../../../config/schema.ts'
import type { Topic } from '../../bus.ts'

const DAY_MS = 86_400_000

/**
 * Bytes that a topic must take in one batch: an event has 1,000,000 at most (MAX_EVENT_BYTES of the contracts), and its
 * key, the names of its headers and the framing of record and batch come on top. Kafka's own default is a little more.
 */
export const LEAST_MESSAGE_BYTES = 1_048_576

/** A topic as the settings want it. */
export type WantedTopic = Topic & {
  readonly replicationFactor: number
  readonly minInsyncReplicas: number
  /** Milliseconds that a record stays, at least. */
  readonly retentionMs: number
}

/** A topic as the cluster has it. */
export type TopicAsItIs = Topic & {
  /** Of the partition that has fewest. */
  readonly replicationFactor: number
  /** What counts for the topic, the brokers' defaults included. */
  readonly configs: ReadonlyMap<string, string>
  /** What was set for the topic itself. */
  readonly own: ReadonlyMap<string, string>
}

/** What the settings want of topics. */
export type TopicPolicy = Pick<KafkaSettings, 'replicationFactor' | 'minInsyncReplicas'> & {
  readonly retentionDays: number
}

/** What the settings want of one topic. */
export const wantedTopic = (
  { name, partitions }: Topic,
  { replicationFactor, minInsyncReplicas, retentionDays }: TopicPolicy,
): WantedTopic => ({
  name,
  partitions,
  replicationFactor,
  minInsyncReplicas,
  retentionMs: retentionDays * DAY_MS,
})

/** Configuration of a topic that the mesh makes. */
export const configsOf = ({
  minInsyncReplicas,
  retentionMs,
}: WantedTopic): Readonly<Record<string, string>> => ({
  'min.insync.replicas': String(minInsyncReplicas),
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionMs),
  'unclean.leader.election.enable': 'false',
  'max.message.bytes': String(LEAST_MESSAGE_BYTES),
  // Whatever other producers send, every consumer can read it, also one that knows no snappy, lz4 or zstd.
  'compression.type': 'uncompressed',
})
