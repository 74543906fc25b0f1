import type { KafkaSettings } from '../../../config/schema.ts'
import { MeshError, isMeshError } from '../../../errors/mesh-error.ts'
import type { Topic } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { persist } from '../deadline.ts'
import { kafkaType, kafkaWords, unavailable } from '../failure.ts'
import type { Nodes } from '../wire/nodes.ts'
import { describeTopics, makeTopics } from './administration.ts'
import { topicFaults } from './faults.ts'
import { type TopicAsItIs, type TopicPolicy, type WantedTopic, configsOf, wantedTopic } from './wanted.ts'

/** What declaring topics needs. */
export type DeclareParts = {
  readonly client: KafkaClient
  readonly nodes: Nodes
  readonly settings: Pick<KafkaSettings, 'createTopics'>
  readonly policy: TopicPolicy
}

/** Time for making and checking all topics, in milliseconds. A cluster that is just starting needs some. */
const DECLARE_MS = 15_000

/** Refusals that no waiting changes. A replication factor may be too high only until the other brokers are up. */
const FINAL = [
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_PARTITIONS',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
]

const mayPass = (thrown: unknown): boolean => !isMeshError(thrown) && !FINAL.includes(kafkaType(thrown) ?? '')

/** An error of ours for a refusal of the cluster's. */
export const refusalOf = (thrown: unknown, { replicationFactor }: TopicPolicy, servers: string): unknown => {
  if (isMeshError(thrown)) return thrown
  const type = kafkaType(thrown)
  const words = kafkaWords(thrown)
  if (type === 'INVALID_REPLICATION_FACTOR')
    return new MeshError(
      'MESH_CONFIG_INVALID',
      `bus.kafka.replicationFactor: there are fewer brokers than the ${replicationFactor} replicas wanted.`,
      { cause: thrown, action: 'Start the missing brokers, or lower bus.kafka.replicationFactor.' },
    )
  if (type?.endsWith('AUTHORIZATION_FAILED'))
    return new MeshError('MESH_TOPIC_UNSAFE', `This user may not make or check the topics: ${words}.`, {
      cause: thrown,
      action:
        'Grant Describe, DescribeConfigs and Create on the topics to the user of the mesh, or have somebody else run `mesh topics apply`.',
    })
  return unavailable(`The topics could not be made or checked on Kafka (${servers}): ${words}.`, thrown)
}

const missing = (client: KafkaClient, topics: readonly WantedTopic[]): MeshError => {
  const names = topics.map(({ name }) => client.name(name)).join(', ')
  return new MeshError(
    'MESH_TOPIC_MISSING',
    `Kafka has no topic ${names}, and the mesh may not make it (bus.kafka.createTopics).`,
  )
}

/** All wanted topics as they are; those that are missing are made. Throws until they are there. */
const complete = async (
  { client, nodes, settings, policy }: DeclareParts,
  wanted: readonly WantedTopic[],
): Promise<ReadonlyMap<string, TopicAsItIs>> => {
  const found = await describeTopics(
    client,
    nodes,
    wanted.map(({ name }) => client.name(name)),
  )
  const absent = wanted.filter(({ name }) => !found.has(client.name(name)))
  if (absent.length === 0) return found
  if (!settings.createTopics) throw missing(client, absent)
  await makeTopics(
    client,
    absent.map((topic) => ({
      name: client.name(topic.name),
      partitions: topic.partitions,
      replicationFactor: policy.replicationFactor,
      configs: configsOf(topic),
    })),
  )
  client.log.info({ topics: absent.map(({ name }) => client.name(name)) }, 'made topics on Kafka')
  throw new Error('the brokers do not know the new topics yet')
}

/** Refuses topics that could lose what was accepted (promise 1). */
const check = (
  { client }: DeclareParts,
  wanted: readonly WantedTopic[],
  found: ReadonlyMap<string, TopicAsItIs>,
): void => {
  const faults = wanted.flatMap((topic) => {
    const name = client.name(topic.name)
    const asItIs = found.get(name)
    return asItIs === undefined ? [] : topicFaults(asItIs, topic).map((fault) => ({ topic: name, ...fault }))
  })
  for (const { topic, what, has, needs, severity } of faults)
    if (severity === 'warning')
      client.log.warn({ topic, what, has, needs }, 'a topic on Kafka is not as it should be')
  const errors = faults.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const lines = errors.map(({ topic, what, has, needs }) => `${topic}: ${what} is ${has}, needs ${needs}`)
  const isSafe = errors.every(({ what }) => what === 'max.message.bytes')
  const risk = isSafe ? 'Some events could never be accepted.' : 'Accepted events could be lost.'
  throw new MeshError('MESH_TOPIC_UNSAFE', `${risk} ${lines.join('; ')}.`)
}

/**
 * Makes missing topics and checks all of them.
 *
 * @throws MeshError MESH_TOPIC_MISSING, MESH_TOPIC_UNSAFE, MESH_CONFIG_INVALID (more replicas than brokers),
 * MESH_BUS_UNAVAILABLE
 */
export const declareTopics = async (parts: DeclareParts, topics: readonly Topic[]): Promise<void> => {
  const wanted = topics.map((topic) => wantedTopic(topic, parts.policy))
  try {
    const found = await persist(() => complete(parts, wanted), { deadlineMs: DECLARE_MS, mayPass })
    check(parts, wanted, found)
  } catch (thrown) {
    throw refusalOf(thrown, parts.policy, parts.client.servers)
  }
}
