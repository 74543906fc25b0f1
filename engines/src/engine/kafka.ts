import { launchBroker, prepare, untilAlive } from '../kafka/broker.ts'
import { KAFKA_VERSION, kafkaKit } from '../kafka/kit.ts'
import { bootstrapServersOf, layoutOf, logOf } from '../kafka/layout.ts'
import { aliveBrokers } from '../kafka/metadata.ts'
import { KAFKA_GRACE_MS } from '../kafka/start-kafka.ts'
import { stop } from '../process/stop.ts'
import { idOf } from './engine.ts'
import type { Engine } from './engine.ts'
import type { ProcessRecord } from '../state/state.ts'

const INTERNAL = 19_092
const CONTROLLER = 9_093
const KNOWN = [9_092, 9_094, 9_095, 9_096, 9_097]

const sizeOf = (bootstrapServers: string): number => bootstrapServers.split(',').length

/** Apache Kafka. Its ports: one for each broker, then the controller's. */
export const kafkaEngine: Engine = {
  name: 'kafka',
  label: { recipe: `Apache Kafka ${KAFKA_VERSION}`, docker: 'Apache Kafka' },
  composeService: 'kafka',
  graceMs: KAFKA_GRACE_MS,
  knownPorts: (size) => [...KNOWN.slice(0, size), CONTROLLER],
  addresses: (ports) => ({ bootstrapServers: bootstrapServersOf(layoutOf('', ports)) }),
  logs: ({ data, ports }) => layoutOf(data, ports).brokers.map(logOf),
  launch: async ({ data, ports, recipes, say }) => {
    const kit = await kafkaKit(recipes, say)
    const layout = layoutOf(data, ports)
    await prepare(layout, kit)
    const records: ProcessRecord[] = []
    try {
      for (const broker of layout.brokers) {
        const id = await launchBroker(broker, kit, { detached: true })
        records.push({ name: `broker ${broker.id}`, ...id, port: broker.port })
      }
    } catch (thrown) {
      await Promise.all(records.map((record) => stop(idOf(record), KAFKA_GRACE_MS)))
      throw thrown
    }
    return records
  },
  untilReady: async ({ data, ports }, processes) => {
    const layout = layoutOf(data, ports)
    await Promise.all(
      layout.brokers.map(async (broker, index) => {
        const record = processes[index]
        if (record !== undefined) await untilAlive(broker, idOf(record), layout)
      }),
    )
  },
  container: ([port = 0]) => ({
    ports: { 9_092: port },
    volume: '/var/lib/kafka/data',
    environment: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `PLAINTEXT://:9092,INTERNAL://:${INTERNAL},CONTROLLER://:${CONTROLLER}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port},INTERNAL://localhost:${INTERNAL}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${CONTROLLER}`,
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '2000',
      KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
    },
  }),
  answersInDocker: async ([port = 0]) => (await aliveBrokers(port)).includes(1),
  meshEnvironment: ({ bootstrapServers = '' }) => ({ MESH_KAFKA: bootstrapServers }),
  testEnvironment: ({ bootstrapServers = '' }) => ({ MESH_TEST_KAFKA: bootstrapServers }),
  meshYaml: ({ bootstrapServers = '' }) => {
    const replicas = Math.min(3, sizeOf(bootstrapServers))
    return `bus:
  driver: kafka
  kafka:
    bootstrapServers: ${bootstrapServers}
    replicationFactor: ${replicas}
    minInsyncReplicas: ${Math.max(1, replicas - 1)}`
  },
}
