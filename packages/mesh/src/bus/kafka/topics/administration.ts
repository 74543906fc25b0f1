import kafkajs, { type Admin } from 'kafkajs'
import { MeshError } from '../../../errors/mesh-error.ts'
import type { KafkaClient } from '../client.ts'
import { errorName } from '../wire/internals.ts'
import type { Nodes } from '../wire/nodes.ts'
import type { TopicAsItIs } from './wanted.ts'

/** Configurations that were set for the topic itself (Kafka's DYNAMIC_TOPIC_CONFIG), not for the broker. */
const OF_THE_TOPIC = 1

/** Time that the controller may take to make or change topics, in milliseconds. */
const CONTROLLER_MS = 5_000

/** One visit to the cluster as an administrator, on a connection of its own. One try. */
const asAdmin = async <T>(client: KafkaClient, visit: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = client.kafka.admin()
  try {
    await admin.connect()
    return await visit(admin)
  } finally {
    void admin.disconnect().catch(() => {})
  }
}

/** A topic to make. */
export type NewTopic = {
  /** Its name in the cluster. */
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** Makes topics; one that somebody else has made meanwhile is left as it is. */
export const makeTopics = (client: KafkaClient, topics: readonly NewTopic[]): Promise<unknown> =>
  asAdmin(client, (admin) =>
    admin.createTopics({
      // Waiting for leaders throws on a fresh topic that a broker does not know yet.
      waitForLeaders: false,
      timeout: CONTROLLER_MS,
      topics: topics.map(({ name, partitions, replicationFactor, configs }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(configs).map(([config, value]) => ({ name: config, value })),
      })),
    }),
  )

/** Raises the number of partitions of a topic. */
export const addPartitions = (client: KafkaClient, name: string, count: number): Promise<unknown> =>
  asAdmin(client, (admin) =>
    admin.createPartitions({ timeout: CONTROLLER_MS, topicPartitions: [{ topic: name, count }] }),
  )

const describe = (admin: Admin, names: readonly string[]) =>
  admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  })

type Entry = {
  readonly configName: string
  readonly configValue: string | null
  readonly configSource?: number
  readonly isDefault: boolean
}

const mapOf = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(
    entries.flatMap(({ configName, configValue }) =>
      configValue === null ? [] : [[configName, configValue] as const],
    ),
  )

const ownOf = (entries: readonly Entry[]) =>
  mapOf(
    entries.filter(({ configSource, isDefault }) => (configSource ?? (isDefault ? 0 : 1)) === OF_THE_TOPIC),
  )

/**
 * Sets configurations of a topic. The request that kafkajs knows replaces all that were set before, so those are read
 * and sent along; what somebody else sets in the same moment is lost.
 */
export const setConfigs = (
  client: KafkaClient,
  name: string,
  configs: Readonly<Record<string, string>>,
): Promise<unknown> =>
  asAdmin(client, async (admin) => {
    const { resources } = await describe(admin, [name])
    const kept = ownOf((resources[0]?.configEntries ?? []) as Entry[])
    const configEntries = Object.entries({ ...Object.fromEntries(kept), ...configs })
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name,
          configEntries: configEntries.map(([config, value]) => ({ name: config, value })),
        },
      ],
    })
  })

const unreadable = (name: string, fault: string): MeshError =>
  new MeshError('MESH_TOPIC_UNSAFE', `The topic ${name} can’t be looked at: ${fault}.`, {
    action: 'Give the user of the mesh the right to Describe and DescribeConfigs its topics.',
  })

/**
 * Topics as they are, by their names in the cluster; those that do not exist are left out.
 *
 * @throws MeshError MESH_TOPIC_UNSAFE: this user may not see a topic.
 */
export const describeTopics = async (
  client: KafkaClient,
  nodes: Nodes,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicAsItIs>> => {
  const states = (await nodes.metadata(names)).filter(({ name, errorCode }) => {
    const fault = errorName(errorCode)
    if (errorCode !== 0 && fault !== 'UNKNOWN_TOPIC_OR_PARTITION') throw unreadable(name, fault)
    return errorCode === 0
  })
  if (states.length === 0) return new Map()
  const { resources } = await asAdmin(client, (admin) =>
    describe(
      admin,
      states.map(({ name }) => name),
    ),
  )
  const configs = new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, configEntries as Entry[]]),
  )
  return new Map(
    states.map(({ name, partitions }) => {
      const entries = configs.get(name) ?? []
      const replicationFactor = Math.min(...partitions.map(({ replicas }) => replicas.length))
      const own = ownOf(entries)
      return [name, { name, partitions: partitions.length, replicationFactor, configs: mapOf(entries), own }]
    }),
  )
}
