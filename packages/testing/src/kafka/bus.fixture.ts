import { randomUUID } from 'node:crypto'
import {
  type BusRecord,
  type KafkaBus,
  type OutgoingRecord,
  openKafkaBus,
  openKafkaTopics,
} from '@commerce-mesh/mesh'
import { type Logger, pino } from 'pino'

type Settings = Parameters<typeof openKafkaBus>[0]['settings']

/** Settings for a single broker; the topics of this run are its own. */
export const settingsFor = (bootstrapServers: string, changes: Partial<Settings> = {}): Settings => ({
  bootstrapServers,
  clientId: 'test',
  topicPrefix: `test-${randomUUID().slice(0, 8)}.`,
  replicationFactor: 1,
  minInsyncReplicas: 1,
  createTopics: true,
  sessionTimeoutMs: 6_000,
  requestTimeoutMs: 5_000,
  ...changes,
})

/** A log for tests; MESH_TEST_LOG makes it speak. */
export const testLog = (): Logger => pino({ level: process.env['MESH_TEST_LOG'] ?? 'silent' })

/** Opens a bus that keeps records for a day. */
export const openBus = (settings: Settings): Promise<KafkaBus> =>
  openKafkaBus({ settings, retentionDays: 1, log: testLog() })

/** Opens the topics of a cluster. */
export const openTopics = (settings: Settings, partitions = 2) =>
  openKafkaTopics(settings, { partitions, retentionDays: 1 }, testLog())

/** A record whose value is its label. */
export const labelled = (topic: string, label: string, key: string | null = 'key'): OutgoingRecord => ({
  topic,
  key,
  headers: {},
  value: Buffer.from(label),
})

/** Labels of records. */
export const labelsOf = (records: readonly Pick<BusRecord, 'value'>[]): string[] =>
  records.map(({ value }) => Buffer.from(value ?? []).toString())

/** Labels of all records of partition 0. */
export const written = async (bus: KafkaBus, topic: string): Promise<string[]> =>
  labelsOf(await bus.read({ topic, partition: 0 }, 0, 100_000))
