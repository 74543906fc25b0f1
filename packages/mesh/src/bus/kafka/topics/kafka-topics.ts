import type { Logger } from 'pino'
import type { KafkaSettings } from '../../../config/schema.ts'
import type { Topic } from '../../bus.ts'
import { kafkaClient } from '../client.ts'
import { persist } from '../deadline.ts'
import { isMeshError } from '../../../errors/mesh-error.ts'
import { createNodes } from '../wire/nodes.ts'
import { addPartitions, describeTopics, makeTopics, setConfigs } from './administration.ts'
import { refusalOf } from './declare.ts'
import { type TopicChange, type TopicPlan, planTopic } from './plan.ts'
import { type TopicPolicy, wantedTopic } from './wanted.ts'

/** Plans and makes topics, for `mesh topics`. */
export type KafkaTopics = {
  /** Compares the cluster with what the settings want; changes nothing. */
  plan(topics: readonly Topic[]): Promise<TopicPlan>
  /** Does what a plan says, topic by topic; stops at the first that the cluster refuses. */
  apply(plan: TopicPlan): Promise<void>
  close(): Promise<void>
}

/** Time for one question or one change, in milliseconds. */
const STEP_MS = 10_000

/** Properties of a topic that are not configurations in Kafka's sense. */
const PARTITIONS = 'partitions'
const REPLICAS = 'replication factor'

const configsIn = (change: TopicChange, steps: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    change.details
      .filter(({ what, step }) => steps.includes(step) && what !== PARTITIONS && what !== REPLICAS)
      .map(({ what, wants }) => [what, wants]),
  )

const numberIn = (change: TopicChange, property: string): number =>
  Number(change.details.find(({ what }) => what === property)?.wants)

/**
 * Opens the topics of a cluster.
 *
 * @throws MeshError MESH_CONFIG_INVALID: a TLS file is missing or wrong. Its functions reject with MESH_BUS_UNAVAILABLE,
 * MESH_TOPIC_UNSAFE (no rights), MESH_CONFIG_INVALID (more replicas than brokers).
 */
export const kafkaTopics = async (
  settings: KafkaSettings,
  { partitions, retentionDays }: { readonly partitions: number; readonly retentionDays: number },
  log: Logger,
): Promise<KafkaTopics> => {
  const client = kafkaClient(settings, log)
  const nodes = createNodes(client)
  const policy: TopicPolicy = { ...settings, retentionDays }

  const step = async <T>(what: () => Promise<T>, deadlineMs = STEP_MS): Promise<T> => {
    try {
      return await persist(what, { deadlineMs, mayPass: (thrown) => !isMeshError(thrown) })
    } catch (thrown) {
      throw refusalOf(thrown, policy, client.servers)
    }
  }

  const make = (change: TopicChange) =>
    makeTopics(client, [
      {
        name: change.topic,
        partitions: numberIn(change, PARTITIONS),
        replicationFactor: numberIn(change, REPLICAS),
        configs: configsIn(change, ['create']),
      },
    ])

  const apply = async (change: TopicChange) => {
    if (change.action === 'create') return void (await step(() => make(change)))
    const configs = configsIn(change, ['set'])
    if (Object.keys(configs).length > 0) await step(() => setConfigs(client, change.topic, configs))
    if (change.details.some(({ step: kind }) => kind === 'add'))
      await step(() => addPartitions(client, change.topic, numberIn(change, PARTITIONS)))
  }

  return {
    plan: async (topics) => {
      const found = await step(() =>
        describeTopics(
          client,
          nodes,
          topics.map(({ name }) => client.name(name)),
        ),
      )
      return topics.map((topic) => {
        const name = client.name(topic.name)
        return planTopic(name, wantedTopic({ ...topic, partitions }, policy), found.get(name))
      })
    },
    apply: async (plan) => {
      for (const change of plan) await apply(change)
    },
    close: async () => nodes.close(),
  }
}
