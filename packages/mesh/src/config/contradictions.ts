import type { MeshConfig } from './config.ts'
import type { Finding } from '../finding/finding.ts'

/** Two settings that do not go together. */
export type Contradiction = {
  readonly severity: Finding['severity']
  readonly path: readonly string[]
  readonly message: string
  readonly fix: string
}

const HOUR = 3_600_000

type Rule = (config: MeshConfig, written: (path: string) => boolean) => Contradiction | undefined

const above = (
  path: readonly string[],
  message: string,
  fix: string,
  severity: Finding['severity'] = 'error',
): Contradiction => ({
  severity,
  path,
  message,
  fix,
})

const missing = (driver: string, path: readonly string[], fix: string): Contradiction =>
  above(path, `the driver is ${driver}, but nothing says how to reach it.`, fix)

const RULES: readonly Rule[] = [
  ({ bus }) =>
    bus.driver === 'kafka' && bus.kafka === undefined
      ? missing('kafka', ['bus', 'driver'], 'Add bus.kafka.bootstrapServers, such as 127.0.0.1:9092.')
      : undefined,
  ({ store }) =>
    store.driver === 'mongodb' && store.mongodb === undefined
      ? missing('mongodb', ['store', 'driver'], 'Add store.mongodb.url, such as mongodb://127.0.0.1:27017.')
      : undefined,
  ({ bus, store }) =>
    bus.driver === 'kafka' && store.driver === 'sqlite'
      ? above(
          ['bus', 'driver'],
          'the bus is shared and the store is a file of this process: while another one runs the same services on these brokers, orders are divided between two stores, and audits tell of drift.',
          'Set store.driver to mongodb (--store mongodb), or bus.kafka.topicPrefix to one of your own.',
          'warning',
        )
      : undefined,
  ({ bus: { kafka } }) =>
    kafka !== undefined && kafka.minInsyncReplicas > kafka.replicationFactor
      ? above(
          ['bus', 'kafka', 'minInsyncReplicas'],
          `more replicas must have a record (${kafka.minInsyncReplicas}) than there are (bus.kafka.replicationFactor, ${kafka.replicationFactor}); nothing could be accepted.`,
          'Lower bus.kafka.minInsyncReplicas or raise bus.kafka.replicationFactor.',
        )
      : undefined,
  ({ bus: { driver, kafka } }) =>
    driver === 'kafka' && kafka?.minInsyncReplicas === 1
      ? above(
          ['bus', 'kafka', 'minInsyncReplicas'],
          'an accepted order lives on one broker only until it is copied; losing that broker may lose it.',
          'Set 2 (and a replicationFactor of 3) where real orders come in.',
          'warning',
        )
      : undefined,
  ({ bus: { kafka } }) =>
    kafka?.sasl?.mechanism === 'plain' && kafka.tls === undefined
      ? above(
          ['bus', 'kafka', 'sasl', 'mechanism'],
          'the password goes over the network in the clear: `plain` without bus.kafka.tls.',
          'Add `tls: {}`, or use scram-sha-512.',
          'warning',
        )
      : undefined,
  ({ retry }) =>
    retry.initialMs > retry.maxMs
      ? above(
          ['retry', 'initialMs'],
          `the first pause (${retry.initialMs} ms) is longer than the longest (retry.maxMs, ${retry.maxMs} ms).`,
          'Lower retry.initialMs or raise retry.maxMs.',
        )
      : undefined,
  ({ retry }) =>
    retry.initialMs > retry.windowHours * HOUR
      ? above(
          ['retry', 'windowHours'],
          `the retry time (${retry.windowHours} h) ends before the second attempt (retry.initialMs, ${retry.initialMs} ms).`,
          'Raise retry.windowHours or lower retry.initialMs.',
        )
      : undefined,
  ({ breaker }) =>
    breaker.coolDownMs > breaker.maxCoolDownMs
      ? above(
          ['breaker', 'coolDownMs'],
          `the first pause (${breaker.coolDownMs} ms) is longer than the longest (breaker.maxCoolDownMs, ${breaker.maxCoolDownMs} ms).`,
          'Lower breaker.coolDownMs or raise breaker.maxCoolDownMs.',
        )
      : undefined,
  ({ retry, deadlineMs }) =>
    deadlineMs > retry.windowHours * HOUR
      ? above(
          ['deadlineMs'],
          `one attempt (${deadlineMs} ms) may take longer than the whole retry time (retry.windowHours, ${retry.windowHours} h).`,
          'Lower deadlineMs or raise retry.windowHours.',
        )
      : undefined,
  // The defaults differ on purpose (a stop shall be quick, an LMS may be slow), so only who wrote both is told.
  ({ deadlineMs, graceMs }, written) =>
    deadlineMs > graceMs && written('deadlineMs') && written('graceMs')
      ? above(
          ['graceMs'],
          `an attempt may take ${deadlineMs} ms (deadlineMs), but a stop cuts it off after ${graceMs} ms (graceMs); it is done again at the next start.`,
          'Raise graceMs to deadlineMs if attempts shall end before the mesh stops.',
          'warning',
        )
      : undefined,
]

/** Settings that contradict each other. `written` tells whether a path stands in the file. */
export const contradictionsOf = (
  config: MeshConfig,
  written: (path: string) => boolean,
): readonly Contradiction[] => RULES.flatMap((rule) => rule(config, written) ?? [])
