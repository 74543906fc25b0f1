import kafkajs, { type Kafka, type KafkaConfig, type RetryOptions, type SASLOptions } from 'kafkajs'
import type { Logger } from 'pino'
import type { KafkaSettings } from '../../config/schema.ts'
import { kafkaLog } from './log.ts'
import { patchRequestQueue } from './request-queue.ts'
import { tlsOptions } from './tls.ts'
import { type LoginGate, createLoginGate } from './wire/login-gate.ts'

/** The way to a cluster, and how our names become its names. */
export type KafkaClient = {
  /** Fails at the first failure: whoever uses it retries within deadlines of its own. */
  readonly kafka: Kafka
  readonly log: Logger
  /** The brokers as configured, for messages. */
  readonly servers: string
  /** One for all connections: the brokers count refused logins together. */
  readonly gate: LoginGate
  /** The cluster's name of a topic or a group of ours: with the prefix. */
  name(plain: string): string
  /** Our name of a topic or a group of the cluster: without the prefix. */
  plain(name: string): string
}

/** Where kafkajs retries by itself it knows no deadline, and goes on when nobody waits for it any more. */
const NO_RETRY: RetryOptions = { retries: 0, initialRetryTime: 50, maxRetryTime: 50 }

/** Longest that a connection with its TLS handshake may take, in milliseconds. */
const CONNECT_MS = 2_000

/** Longest that one login may take, in milliseconds. */
const LOGIN_MS = 10_000

/** Least time that a broker gets for an answer, in milliseconds. */
const LEAST_ANSWER_MS = 250

/** The types of kafkajs want each mechanism by its own name. */
const login = ({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions => {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
  }
}

/**
 * Prepares clients of the cluster; nothing is connected yet.
 *
 * @throws MeshError MESH_CONFIG_INVALID: a TLS file is missing or wrong.
 */
export const kafkaClient = (settings: KafkaSettings, log: Logger): KafkaClient => {
  patchRequestQueue()
  const { topicPrefix, requestTimeoutMs, sasl, tls } = settings
  const brokers = settings.bootstrapServers.split(',').map((server) => server.trim())
  const config: KafkaConfig = {
    brokers,
    clientId: settings.clientId,
    connectionTimeout: Math.min(CONNECT_MS, requestTimeoutMs),
    authenticationTimeout: LOGIN_MS,
    // Half the time, so that a second try on another connection fits into the deadline of the first.
    requestTimeout: Math.max(LEAST_ANSWER_MS, requestTimeoutMs / 2),
    enforceRequestTimeout: true,
    retry: NO_RETRY,
    logLevel: log.isLevelEnabled('trace') ? kafkajs.logLevel.DEBUG : kafkajs.logLevel.INFO,
    logCreator: kafkaLog(log),
    ...(sasl === undefined ? {} : { sasl: login(sasl) }),
    ...(tls === undefined ? {} : { ssl: tlsOptions(tls) }),
  }
  return {
    kafka: new kafkajs.Kafka(config),
    log,
    servers: brokers.join(', '),
    gate: createLoginGate(),
    name: (plain) => topicPrefix + plain,
    plain: (name) => (name.startsWith(topicPrefix) ? name.slice(topicPrefix.length) : name),
  }
}
