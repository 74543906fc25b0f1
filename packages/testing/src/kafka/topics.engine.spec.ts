import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { KafkaBus, TopicPlan } from '@commerce-mesh/mesh'
import kafkajs, { type Admin } from 'kafkajs'
import { eventually } from '../conformance/eventually.ts'
import { describeEngine } from '../engines/index.ts'
import { labelled, openBus, openTopics, settingsFor } from './bus.fixture.ts'

const TOPIC = { name: 'parcel.v1', partitions: 2 }

const DAY_MS = 86_400_000

describeEngine('kafka', 'Topics', (broker) => {
  let settings: ReturnType<typeof settingsFor>
  let admin: Admin
  let name: string
  const buses: KafkaBus[] = []

  const open = async (changes: Partial<typeof settings> = {}) => {
    const bus = await openBus({ ...settings, ...changes })
    buses.push(bus)
    return bus
  }

  /** Makes the topic as somebody else would have made it. */
  const make = (configs: Readonly<Record<string, string>>, partitions = 2) =>
    admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          replicationFactor: 1,
          configEntries: Object.entries(configs).map(([config, value]) => ({ name: config, value })),
        },
      ],
    })

  const configs = async (): Promise<Record<string, string>> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
    })
    return Object.fromEntries(
      (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
    )
  }

  beforeEach(async () => {
    settings = settingsFor(broker)
    name = `${settings.topicPrefix}${TOPIC.name}`
    admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
  })

  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()))
    await admin.disconnect()
  })

  describe('declared by a bus', () => {
    it('are made so that nothing accepted is lost', async () => {
      const bus = await open()
      await bus.declare([TOPIC])
      expect(await configs()).toMatchObject({
        'min.insync.replicas': '1',
        'cleanup.policy': 'delete',
        'retention.ms': `${DAY_MS}`,
        'unclean.leader.election.enable': 'false',
        'compression.type': 'uncompressed',
      })
      expect(await bus.publish([labelled(TOPIC.name, 'a')])).toHaveLength(1)
    })

    it('are made once when many processes start together', async () => {
      const all = await Promise.all(Array.from({ length: 5 }, () => open()))
      await Promise.all(all.map((bus) => bus.declare([TOPIC, { name: 'label.v1', partitions: 3 }])))
      expect(await all[0]?.lag('group', [TOPIC.name, 'label.v1'])).toHaveLength(5)
    })

    it('are refused when they could lose what was accepted', async () => {
      await make({ 'cleanup.policy': 'compact', 'retention.ms': '1000' })
      const bus = await open()
      await expect(bus.declare([TOPIC])).rejects.toMatchObject({
        code: 'MESH_TOPIC_UNSAFE',
        message:
          `Accepted events could be lost. ${name}: cleanup.policy is compact, needs delete (compaction throws away ` +
          `events of the same key); ${name}: retention.ms is 1000, needs 86400000 or more (1 days).`,
        action: expect.stringContaining('mesh topics plan'),
      })
    })

    it('are refused when too few replicas must have a record', async () => {
      await make({ 'min.insync.replicas': '1' })
      const bus = await open({ minInsyncReplicas: 2 })
      await expect(bus.declare([TOPIC])).rejects.toThrow(
        `${name}: min.insync.replicas is 1, needs 2 or more; ${name}: replication factor is 1, needs 2 or more`,
      )
    })

    it('are missed where the mesh may not make them', async () => {
      const bus = await open({ createTopics: false })
      await expect(bus.declare([TOPIC])).rejects.toMatchObject({
        code: 'MESH_TOPIC_MISSING',
        message: expect.stringContaining(name),
        action: expect.stringContaining('mesh topics apply'),
      })
    })

    it('need as many brokers as replicas', async () => {
      const bus = await open({ replicationFactor: 9 })
      await expect(bus.declare([TOPIC])).rejects.toMatchObject({
        code: 'MESH_CONFIG_INVALID',
        message: expect.stringContaining('bus.kafka.replicationFactor'),
      })
    }, 30_000)

    it('that somebody else declared are found by publish', async () => {
      await (await open()).declare([TOPIC])
      const other = await open()
      expect(await other.publish([labelled(TOPIC.name, 'a')])).toHaveLength(1)
      await expect(other.publish([labelled('typo.v1', 'a')])).rejects.toMatchObject({
        code: 'MESH_BUS_UNAVAILABLE',
        message: `The topic ${settings.topicPrefix}typo.v1 was never declared: Kafka does not have it.`,
        action: 'Make it with `mesh topics apply`.',
      })
    })

    it('keep order and records when partitions are added under way', async () => {
      const bus = await open()
      await bus.declare([{ ...TOPIC, partitions: 1 }])
      await bus.publish([labelled(TOPIC.name, 'a')])
      await admin.createPartitions({ topicPartitions: [{ topic: name, count: 4 }] })
      await eventually(async () => (await bus.lag('group', [TOPIC.name])).length === 4, {
        what: '4 partitions',
      })
      const places = await bus.publish(
        Array.from({ length: 20 }, (_, at) => labelled(TOPIC.name, 'b', `k${at}`)),
      )
      expect(new Set(places.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3]))
    })
  })

  describe('planned and applied', () => {
    const steps = (plan: TopicPlan) =>
      plan.map(({ topic, action, details }) => [
        topic,
        action,
        details.map(({ what, step }) => `${step} ${what}`),
      ])

    it('are made, and then there is nothing to do', async () => {
      const topics = await openTopics(settings)
      const plan = await topics.plan([TOPIC])
      expect(plan).toMatchObject([{ topic: name, action: 'create' }])
      await topics.apply(plan)
      await eventually(async () => (await topics.plan([TOPIC]))[0]?.action === 'none', {
        what: 'nothing to do',
      })
      await topics.apply(plan)
      await (await open({ createTopics: false })).declare([TOPIC])
      await topics.close()
    })

    it('are changed without losing what was set besides', async () => {
      await make({ 'cleanup.policy': 'compact', 'max.message.bytes': '2000000', 'segment.ms': '3600000' }, 1)
      const topics = await openTopics(settings)
      const plan = await topics.plan([TOPIC])
      expect(steps(plan)).toEqual([[name, 'add-partitions', ['add partitions', 'set cleanup.policy']]])
      await topics.apply(plan)
      await eventually(async () => (await topics.plan([TOPIC]))[0]?.action === 'none', {
        what: 'nothing to do',
      })
      expect(await configs()).toMatchObject({
        'cleanup.policy': 'delete',
        'max.message.bytes': '2000000',
        'segment.ms': '3600000',
      })
      await topics.close()
    })

    it('leave to a person what Kafka can’t change by itself', async () => {
      await make({})
      const topics = await openTopics({ ...settings, replicationFactor: 3, minInsyncReplicas: 2 })
      const plan = await topics.plan([TOPIC])
      expect(steps(plan)).toEqual([[name, 'manual', ['none replication factor', 'none min.insync.replicas']]])
      await topics.apply(plan)
      expect(await topics.plan([TOPIC])).toEqual(plan)
      await topics.close()
    })
  })
})
