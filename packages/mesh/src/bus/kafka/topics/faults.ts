import { LEAST_MESSAGE_BYTES, type TopicAsItIs, type WantedTopic } from './wanted.ts'

/** Something about a topic that does not go with the mesh's promises. */
export type TopicFault = {
  /** A configuration of the topic by its name, or `replication factor`. */
  readonly what: string
  readonly has: string
  /** For people: `2 or more`. */
  readonly needs: string
  /** A value that would do, where one can be set. */
  readonly value: string | undefined
  /** `error`: accepted records could be lost, or events never be taken, so the mesh does not start on it. */
  readonly severity: 'error' | 'warning'
}

const UNKNOWN = 'unknown'

const DAY_MS = 86_400_000

type Check = (
  has: string,
  topic: TopicAsItIs,
  wanted: WantedTopic,
) => Omit<TopicFault, 'what' | 'has'> | undefined

/** Each configuration that the promises hang on, in the order of their weight. */
const CHECKS: Readonly<Record<string, Check>> = {
  'min.insync.replicas': (has, _, { minInsyncReplicas }) =>
    Number(has) >= minInsyncReplicas
      ? undefined
      : { needs: `${minInsyncReplicas} or more`, value: String(minInsyncReplicas), severity: 'error' },
  'replication factor': (has, { configs }, { minInsyncReplicas }) => {
    const needed = Math.max(minInsyncReplicas, Number(configs.get('min.insync.replicas') ?? 1))
    return Number(has) >= needed
      ? undefined
      : { needs: `${needed} or more`, value: undefined, severity: 'error' }
  },
  'cleanup.policy': (has) =>
    has === UNKNOWN || has.includes('compact')
      ? {
          needs: 'delete (compaction throws away events of the same key)',
          value: 'delete',
          severity: 'error',
        }
      : undefined,
  'unclean.leader.election.enable': (has) =>
    has === 'false' ? undefined : { needs: 'false', value: 'false', severity: 'error' },
  'retention.ms': (has, _, { retentionMs }) =>
    has === '-1' || Number(has) >= retentionMs
      ? undefined
      : {
          needs: `${retentionMs} or more (${retentionMs / DAY_MS} days)`,
          value: String(retentionMs),
          severity: 'error',
        },
  'max.message.bytes': (has) =>
    Number(has) >= LEAST_MESSAGE_BYTES
      ? undefined
      : {
          needs: `${LEAST_MESSAGE_BYTES} or more (an event may have 1000000 bytes, besides its framing)`,
          value: String(LEAST_MESSAGE_BYTES),
          severity: 'error',
        },
  'retention.bytes': (has) =>
    has === '-1' || has === UNKNOWN
      ? undefined
      : { needs: '-1, or events go before their time once there are many', value: '-1', severity: 'warning' },
}

const valueOf = (topic: TopicAsItIs, what: string): string =>
  what === 'replication factor' ? String(topic.replicationFactor) : (topic.configs.get(what) ?? UNKNOWN)

/** Compares a topic with what accepted records need in order not to be lost (promise 1). Empty: all is well. */
export const topicFaults = (topic: TopicAsItIs, wanted: WantedTopic): TopicFault[] =>
  Object.entries(CHECKS).flatMap(([what, check]) => {
    const has = valueOf(topic, what)
    const fault = check(has, topic, wanted)
    return fault === undefined ? [] : [{ what, has, ...fault }]
  })
