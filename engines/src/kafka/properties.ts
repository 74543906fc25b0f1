import { dataOfBroker } from './layout.ts'
import type { BrokerPlan, Layout } from './layout.ts'

/** Where a write must be before it counts: on two of three brokers, or on the only one. */
const replication = (brokers: number) => {
  const factor = Math.min(3, brokers)
  const inSync = Math.max(1, factor - 1)
  return {
    'default.replication.factor': factor,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': inSync,
  }
}

const settings = (broker: BrokerPlan, { brokers, controllerPort }: Layout) => {
  const clients = `PLAINTEXT://127.0.0.1:${broker.port}`
  const isController = broker.id === 1
  return {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': broker.id,
    listeners: isController ? `${clients},CONTROLLER://127.0.0.1:${controllerPort}` : clients,
    'advertised.listeners': clients,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': dataOfBroker(broker),
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    ...replication(brokers.length),
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    // A broker that was killed is registered until this is over, and its successor has to wait: 9 s by default.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'replica.lag.time.max.ms': 5_000,
    // Made for a laptop: the defaults take 128 MB for the cleaner and 10 MB for each index file.
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    'log.index.size.max.bytes': 1_048_576,
  }
}

/**
 * `server.properties` of one broker.
 *
 * @param more - properties besides ours, or in their place.
 */
export const propertiesOf = (
  broker: BrokerPlan,
  layout: Layout,
  more: Readonly<Record<string, string>> = {},
): string =>
  Object.entries({ ...settings(broker, layout), ...more })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
