import type { TopicAsItIs, WantedTopic } from './wanted.ts'

const DAY_MS = 86_400_000

/** What production settings want. */
export const WANTED: WantedTopic = {
  name: 'parcel.v1',
  partitions: 6,
  replicationFactor: 3,
  minInsyncReplicas: 2,
  retentionMs: 30 * DAY_MS,
}

/** Configuration with which nothing is lost. */
const GOOD: Readonly<Record<string, string>> = {
  'min.insync.replicas': '2',
  'cleanup.policy': 'delete',
  'unclean.leader.election.enable': 'false',
  'retention.ms': String(30 * DAY_MS),
  'retention.bytes': '-1',
  'max.message.bytes': '1048588',
}

/** A topic as it should be, but for these configurations and properties; undefined: it can't be read. */
export const topicWith = (
  configs: Readonly<Record<string, string | undefined>> = {},
  properties: Partial<TopicAsItIs> = {},
): TopicAsItIs => {
  const entries = Object.entries({ ...GOOD, ...configs }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return {
    name: 'parcel.v1',
    partitions: 6,
    replicationFactor: 3,
    configs: new Map(entries),
    own: new Map(),
    ...properties,
  }
}
