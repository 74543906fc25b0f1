import { randomUUID } from 'node:crypto'
import { type KafkaBus, openKafkaBus } from '@commerce-mesh/mesh'
import { pino } from 'pino'
import { describeEngine } from '../engines/index.ts'
import { busConformance } from './index.ts'

describeEngine('kafka', 'Kafka', (bootstrapServers) => {
  // Topics of other runs, and of other suites on the same broker, are none of ours.
  const topicPrefix = `conformance-${randomUUID().slice(0, 8)}.`

  const open = (): Promise<KafkaBus> =>
    openKafkaBus({
      settings: {
        bootstrapServers,
        clientId: 'conformance',
        topicPrefix,
        replicationFactor: 1,
        minInsyncReplicas: 1,
        createTopics: true,
        sessionTimeoutMs: 6_000,
        requestTimeoutMs: 5_000,
      },
      retentionDays: 1,
      log: pino({ level: process.env['MESH_TEST_LOG'] ?? 'silent' }),
      rebalanceGraceMs: 1_000,
    })

  busConformance({
    name: 'The Kafka bus',
    open,
    reopen: open,
    join: open,
    cleanup: async () => {},
    patienceMs: 20_000,
  })
})
