import type { Logger } from 'pino'
import type { KafkaSettings } from '../../config/schema.ts'
import { MeshError, isMeshError } from '../../errors/mesh-error.ts'
import type { Bus, Subscription } from '../bus.ts'
import { kafkaClient } from './client.ts'
import { kafkaSubscribe } from './consume/subscribe.ts'
import { pause } from '../../flow/pause.ts'
import { BETWEEN_TRIES, persist } from './deadline.ts'
import { isRefusedLogin, kafkaWords, unavailable } from './failure.ts'
import { createHealth } from './health.ts'
import { createProducer } from './produce/producer.ts'
import { createSend } from './produce/send.ts'
import { afresh } from './read/afresh.ts'
import { readLag } from './read/lag.ts'
import { readRecords } from './read/read.ts'
import { declareTopics } from './topics/declare.ts'
import { createKnownTopics } from './topics/known-topics.ts'
import { topicError } from './topics/topic-error.ts'
import { createAddressBook, createNodes } from './wire/nodes.ts'

/** The bus port on Kafka. */
export type KafkaBus = Bus & {
  /** What keeps it from working, for people; undefined: nothing. Cheap: what the last requests and a probe found. */
  problem(): string | undefined
}

/** What the Kafka bus is opened with. */
export type KafkaBusOptions = {
  readonly settings: KafkaSettings
  /** Days that a record must stay in the log; topics that keep it for less are refused. */
  readonly retentionDays: number
  readonly log: Logger
  /** How long a member that loses a partition may take to finish what it handles, in milliseconds. */
  readonly rebalanceGraceMs?: number
}

/** Records and bytes that may wait to be written, for all callers together. */
const WAITING = { waitingRecords: 100_000, waitingBytes: 64 * 1_048_576 }

/** Size of one produce request. Kafka's default for the largest batch of a partition is 1 MiB. */
const BATCH = { records: 2_000, bytes: 4 * 1_048_576, partBytes: 768 * 1_024 }

/** The brokers are asked for the topics so often, which also shows whether they answer. */
const PROBE_MS = 5_000

/** The same while they do not. */
const PROBE_AGAIN_MS = 1_000

/** How long the members of a group may take to finish when partitions move, unless told otherwise. */
const REBALANCE_GRACE_MS = 30_000

/** A topic that was just made may be unknown to the broker that is asked; milliseconds. */
const MISSING_MS = 1_000

/** Least time for one request, whatever the settings say. */
const LEAST_REQUEST_MS = 500

/**
 * Opens the bus port on Kafka. Records are confirmed by all in-sync replicas; topics that could lose them are refused
 * when they are declared.
 *
 * @throws MeshError MESH_CONFIG_INVALID (a TLS file), MESH_BUS_UNAVAILABLE (no broker answers within
 * `requestTimeoutMs`; lasting and at once: the login is refused, a certificate is not trusted)
 */
export const kafkaBus = async ({
  settings,
  retentionDays,
  log,
  rebalanceGraceMs = REBALANCE_GRACE_MS,
}: KafkaBusOptions): Promise<KafkaBus> => {
  const client = kafkaClient(settings, log)
  const { servers } = client
  const deadlineMs = settings.requestTimeoutMs
  // Less than the deadline, so that a second try on another connection fits in.
  const patienceMs = Math.max(LEAST_REQUEST_MS, deadlineMs * 0.6)
  const addresses = createAddressBook()
  const nodes = createNodes(client, { patienceMs, addresses })
  // Audits read much at once; a broker answers the requests of one connection one after the other.
  const readers = createNodes(client, { patienceMs, addresses })
  const topics = createKnownTopics(client, nodes)
  const health = createHealth(servers, (problem, over) => {
    if (problem === undefined) log.info({ servers }, over)
    else log.warn({ servers }, problem)
  })
  const producer = createProducer({
    send: createSend(client, nodes, Math.round(deadlineMs * 0.4)),
    topics,
    limits: { deadlineMs, ...WAITING, batch: BATCH },
    servers,
    onOutcome: health.produced,
  })
  const subscriptions = new Set<Subscription>()
  const reading = { client, nodes: readers, topics }
  let closed = false

  const refuseWhenClosed = () => {
    if (closed) throw unavailable('The bus is closed.')
  }

  const look = async (ask: () => Promise<void>) => {
    try {
      await ask()
      health.reached()
    } catch (thrown) {
      health.unreached(kafkaWords(thrown))
      throw thrown
    }
  }

  /** What a person wants to know instead of the last of many errors. */
  const within = async <T>(what: string, attempt: () => Promise<T>): Promise<T> => {
    try {
      return await persist(attempt, { deadlineMs, mayPass: (thrown) => !isMeshError(thrown) })
    } catch (thrown) {
      if (isMeshError(thrown)) throw thrown
      const when = isRefusedLogin(thrown) ? '' : ` within ${deadlineMs} ms`
      throw unavailable(`Kafka (${servers}) did not ${what}${when}: ${kafkaWords(thrown)}.`, thrown)
    }
  }

  const unknown = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name) => topics.partitionsOf(name) === undefined)),
  ]

  /** Makes topics known that somebody else has declared. */
  const know = async (names: readonly string[]): Promise<void> => {
    const until = performance.now() + MISSING_MS
    for (let wanted = unknown(names); wanted.length > 0; wanted = unknown(names)) {
      await within('tell its topics', () => look(() => topics.follow(wanted)))
      const missing = unknown(wanted)
      if (missing.length === 0) return
      const isLate = performance.now() > until
      for (const name of missing) {
        const fault = topics.faultOf(name)
        const error = fault === undefined ? undefined : topicError(client.name(name), fault)
        if (isMeshError(error)) throw error
        if (isLate && error !== undefined) throw unavailable(`${error.message}.`)
      }
      if (isLate)
        throw new MeshError(
          'MESH_BUS_UNAVAILABLE',
          `The topic ${missing.map(client.name).join(', ')} was never declared: Kafka does not have it.`,
          { action: 'Make it with `mesh topics apply`.' },
        )
      await pause(BETWEEN_TRIES.initialMs)
    }
  }

  let probing: NodeJS.Timeout | undefined
  const probeLater = () => {
    if (closed) return
    const wait = health.problem() === undefined ? PROBE_MS : PROBE_AGAIN_MS
    probing = setTimeout(() => {
      void look(topics.refresh).then(probeLater, probeLater)
    }, wait).unref()
  }

  const shut = () => {
    clearTimeout(probing)
    nodes.close()
    readers.close()
  }

  try {
    await within('let the mesh in', () => look(topics.refresh))
  } catch (thrown) {
    shut()
    throw thrown
  }
  probeLater()

  return {
    declare: async (wanted) => {
      refuseWhenClosed()
      if (wanted.length === 0) return
      const policy = { ...settings, retentionDays }
      await declareTopics({ client, nodes, settings, policy }, wanted)
      await know(wanted.map(({ name }) => name))
    },
    publish: async (records) => {
      refuseWhenClosed()
      if (records.some(({ topic }) => topics.partitionsOf(topic) === undefined))
        await know(records.map(({ topic }) => topic))
      return producer.publish(records)
    },
    subscribe: async (options) => {
      refuseWhenClosed()
      await know(options.topics)
      const inner = await kafkaSubscribe(client, settings, options, {
        log,
        rebalanceGraceMs,
        partitionsOf: topics.partitionsOf,
      })
      const subscription: Subscription = {
        ...inner,
        close: async (graceMs) => {
          subscriptions.delete(subscription)
          await inner.close(graceMs)
        },
      }
      subscriptions.add(subscription)
      // Whoever closed the bus meanwhile has not seen this one.
      if (closed) await subscription.close(0)
      refuseWhenClosed()
      return subscription
    },
    lag: async (group, names) => {
      refuseWhenClosed()
      const attempt = async () => {
        if (unknown(names).length > 0) await topics.follow(unknown(names))
        return readLag(reading, group, names)
      }
      return within('tell the position of a group', afresh(topics, attempt))
    },
    read: async (place, offset, limit) => {
      refuseWhenClosed()
      await know([place.topic])
      const attempt = () => readRecords(reading, place, offset, limit)
      return within('let its log be read', afresh(topics, attempt))
    },
    problem: health.problem,
    close: async () => {
      if (closed) return
      closed = true
      await Promise.all([...subscriptions].map((subscription) => subscription.close(0)))
      await producer.close()
      shut()
    },
  }
}
