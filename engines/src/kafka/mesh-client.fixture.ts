import { expect } from '@jest/globals'
import { inspect } from 'node:util'
import { openKafkaBus, openKafkaTopics } from '@commerce-mesh/mesh'
import type { BusRecord, KafkaBus } from '@commerce-mesh/mesh'
import { eventually } from '@commerce-mesh/testing'
import { pino } from 'pino'

/** `bus.kafka` of a configuration. */
export type Settings = Parameters<typeof openKafkaBus>[0]['settings']

/** How long one request may take, in milliseconds. */
export const DEADLINE_MS = 3_000

/** Room for a slow machine between a deadline and the test's patience with it, in milliseconds. */
export const SLACK_MS = 2_000

/** Settings for one broker. */
export const settingsFor = (bootstrapServers: string, more: Partial<Settings>): Settings => ({
  bootstrapServers,
  clientId: 'test',
  topicPrefix: 'mesh.',
  replicationFactor: 1,
  minInsyncReplicas: 1,
  createTopics: true,
  sessionTimeoutMs: 6_000,
  requestTimeoutMs: DEADLINE_MS,
  ...more,
})

const told: string[] = []

/** Keeps everything that is said, also what is for nobody. */
const log = pino({ level: 'trace', base: null }, { write: (line: string) => void told.push(line) })

/** How often a login by SCRAM has succeeded, by kafkajs' own log. */
export const logins = (): number =>
  told.filter((line) => /SCRAM \S+ authentication successful/.test(line)).length

/** Opens a bus. */
export const openBus = (settings: Settings): Promise<KafkaBus> =>
  openKafkaBus({ settings, retentionDays: 1, log })

/** Does something with the topics of a cluster. */
export const withTopics = async <T>(
  settings: Settings,
  work: (topics: Awaited<ReturnType<typeof openKafkaTopics>>) => Promise<T>,
  partitions = 1,
): Promise<T> => {
  const topics = await openKafkaTopics(settings, { partitions, retentionDays: 1 }, log)
  try {
    return await work(topics)
  } finally {
    await topics.close()
  }
}

/** What a promise is rejected with. */
export const thrownBy = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('It was not refused.')
    },
    (thrown: Error) => thrown,
  )

/** That neither an error, down to its last cause, nor the log of this test file holds any of these. */
export const expectNoSecret = (thrown: Error, secrets: readonly string[]): void => {
  expect(told.length).toBeGreaterThan(0)
  const everything = `${inspect(thrown, { depth: Infinity, showHidden: true })}\n${told.join('\n')}`
  for (const secret of secrets) {
    expect(everything.includes(secret)).toBe(false)
    expect(everything.includes(Buffer.from(secret).toString('base64'))).toBe(false)
  }
}

/** A record whose value is its label. */
export const labelled = (topic: string, label: string) => ({
  topic,
  key: 'key',
  headers: {},
  value: Buffer.from(label),
})

/** Takes part in a group, and keeps what it is given. */
export const listen = async (bus: KafkaBus, group: string, topic: string) => {
  const labels: string[] = []
  const subscription = await bus.subscribe({
    group,
    topics: [topic],
    concurrency: 1,
    handle: async ({ value }: BusRecord) => void labels.push(Buffer.from(value ?? []).toString()),
  })
  return { labels, close: () => subscription.close(1_000) }
}

/** Everything that a service does with a bus, on connections of each kind: fails where any of it does. */
export const useBus = async (settings: Settings, topic: string): Promise<void> => {
  const bus = await openBus(settings)
  try {
    await bus.declare([{ name: topic, partitions: 1 }])
    const { labels, close } = await listen(bus, 'group', topic)
    await bus.publish([labelled(topic, 'a')])
    await eventually(() => labels.includes('a'), { what: 'the record' })
    await close()
    expect(await bus.lag('group', [topic])).toMatchObject([{ topic, committed: 1, end: 1 }])
    expect(await bus.read({ topic, partition: 0 }, 0, 10)).toMatchObject([{ offset: 0 }])
    expect(bus.problem()).toBeUndefined()
    const plan = await withTopics(settings, (topics) => topics.plan([{ name: topic, partitions: 1 }]))
    expect(plan).toMatchObject([{ action: 'none' }])
  } finally {
    await bus.close()
  }
}
