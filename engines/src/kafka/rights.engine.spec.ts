import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { eventually } from '@commerce-mesh/testing'
import kafkajs from 'kafkajs'
import type { AclEntry, Admin } from 'kafkajs'
import { describeRecipe } from '../recipe/describe-recipe.fixture.ts'
import { findJava } from '../recipe/tools.ts'
import { labelled, openBus, settingsFor, thrownBy, useBus, withTopics } from './mesh-client.fixture.ts'
import { startSecureKafka } from './secure-kafka.fixture.ts'
import type { SecureKafka } from './secure-kafka.fixture.ts'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

type Operation = keyof typeof AclOperationTypes

const USER = { username: 'service', password: 'right' }

/** What docs/distributed.md names. */
const RUN = { topics: ['READ', 'WRITE', 'DESCRIBE_CONFIGS'], groups: ['READ'] } as const
const CREATE_TOPICS = ['CREATE'] as const
const PLAN = ['DESCRIBE', 'DESCRIBE_CONFIGS'] as const
const APPLY = ['CREATE', 'DESCRIBE_CONFIGS', 'ALTER', 'ALTER_CONFIGS'] as const

await describeRecipe('kafka', findJava, 'Of the rights that docs/distributed.md names', () => {
  let kafka: SecureKafka
  let admin: Admin
  let tests = 0
  let prefix: string

  beforeAll(async () => {
    kafka = await startSecureKafka({ plainUsers: [], scramUsers: [USER], superUsers: [] })
    admin = new kafkajs.Kafka({
      brokers: [kafka.at.PLAIN_TEXT],
      logLevel: kafkajs.logLevel.NOTHING,
    }).admin()
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.disconnect()
    await kafka?.stop()
  })

  /** Settings of a user whose rights nobody has given yet. */
  const fresh = (more = {}) => {
    prefix = `p${++tests}.`
    const sasl = { mechanism: 'scram-sha-512' as const, ...USER }
    return settingsFor(kafka.at.BARE_LOGIN, { topicPrefix: prefix, sasl, ...more })
  }

  const entry = (resourceType: number, operation: Operation): AclEntry => ({
    resourceType,
    resourceName: prefix,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: `User:${USER.username}`,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
  })

  /** Gives rights on everything that begins with the prefix. */
  const grant = async (topics: readonly Operation[], groups: readonly Operation[] = []) => {
    await admin.createAcls({
      acl: [
        ...topics.map((operation) => entry(AclResourceTypes.TOPIC, operation)),
        ...groups.map((operation) => entry(AclResourceTypes.GROUP, operation)),
      ],
    })
  }

  /** Makes a topic as somebody else would. */
  const make = async (topic: string) => {
    const others = settingsFor(kafka.at.PLAIN_TEXT, { topicPrefix: prefix })
    await withTopics(others, async (topics) =>
      topics.apply(await topics.plan([{ name: topic, partitions: 1 }])),
    )
  }

  const refusalOf = async (settings: ReturnType<typeof fresh>, topic: string) => {
    const bus = await openBus(settings)
    try {
      return await thrownBy(bus.declare([{ name: topic, partitions: 1 }]))
    } finally {
      await bus.close()
    }
  }

  it('those for running are enough where the topics are there', async () => {
    const settings = fresh({ createTopics: false })
    await make('a.v1')
    await grant(RUN.topics, RUN.groups)
    await useBus(settings, 'a.v1')
  })

  it('Create is needed besides, and enough, to make topics at the start', async () => {
    const settings = fresh()
    await grant(RUN.topics, RUN.groups)
    expect(await refusalOf(settings, 'a.v1')).toMatchObject({
      code: 'MESH_TOPIC_UNSAFE',
      message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED'),
      action: expect.stringContaining('Create'),
    })
    await grant(CREATE_TOPICS)
    await useBus(settings, 'a.v1')
  })

  it('without any the start is refused, and says what is missing', async () => {
    const settings = fresh()
    await make('a.v1')
    expect(await refusalOf(settings, 'a.v1')).toMatchObject({
      code: 'MESH_TOPIC_UNSAFE',
      message: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED'),
      action: expect.stringContaining('Describe'),
    })
  })

  it('DescribeConfigs can’t be left out: the start could not be checked', async () => {
    const settings = fresh()
    await make('a.v1')
    await grant(['READ', 'WRITE'])
    expect(await refusalOf(settings, 'a.v1')).toMatchObject({
      code: 'MESH_TOPIC_UNSAFE',
      action: expect.stringContaining('DescribeConfigs'),
    })
  })

  it('Write can’t be left out to publish, nor Read of the group to see its position', async () => {
    const settings = fresh()
    await make('a.v1')
    await grant(['READ', 'DESCRIBE_CONFIGS'])
    const bus = await openBus(settings)
    try {
      await bus.declare([{ name: 'a.v1', partitions: 1 }])
      expect(await thrownBy(bus.publish([labelled('a.v1', 'a')]))).toMatchObject({
        code: 'MESH_BUS_UNAVAILABLE',
        message: expect.stringContaining('this user may not write to the topic (TOPIC_AUTHORIZATION_FAILED)'),
      })
      expect(await thrownBy(bus.lag('group', ['a.v1']))).toMatchObject({
        code: 'MESH_BUS_UNAVAILABLE',
        message: expect.stringContaining('GROUP_AUTHORIZATION_FAILED'),
      })
    } finally {
      await bus.close()
    }
  })

  it('those for `mesh topics plan` are enough to look', async () => {
    const settings = fresh()
    await make('a.v1')
    await grant(PLAN)
    const wanted = [{ name: 'a.v1', partitions: 1 }]
    expect(await withTopics(settings, (topics) => topics.plan(wanted))).toMatchObject([{ action: 'none' }])
  })

  it('those for `mesh topics apply` are enough to make and to change topics', async () => {
    const settings = fresh()
    await grant(APPLY)
    const wanted = [{ name: 'a.v1', partitions: 1 }]
    await withTopics(settings, async (topics) => topics.apply(await topics.plan(wanted)))
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: `${prefix}a.v1`,
          configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
        },
      ],
    })
    const more = <T>(work: Parameters<typeof withTopics<T>>[1]) => withTopics(settings, work, 3)
    const changed = await eventually(() =>
      more(async (topics) => {
        const plan = await topics.plan(wanted)
        return plan[0]?.action === 'add-partitions' && plan
      }),
    )
    await more((topics) => topics.apply(changed))
    await eventually(() => more(async (topics) => (await topics.plan(wanted))[0]?.action === 'none'), {
      what: 'nothing to do',
    })
  })
})
