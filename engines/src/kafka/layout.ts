import path from 'node:path'

/** One broker of a cluster. The first one is the only controller: while it is down, no leader can be elected. */
export type BrokerPlan = {
  /** Kafka's `node.id`, from 1. */
  readonly id: number
  /** Port for clients, on 127.0.0.1. */
  readonly port: number
  /** Everything of this broker: properties, log file, data. */
  readonly folder: string
}

/** A cluster. */
export type Layout = {
  readonly brokers: readonly BrokerPlan[]
  /** Port of the controller, on 127.0.0.1. */
  readonly controllerPort: number
}

/** How many ports a cluster takes. */
export const portsOf = (brokers: number): number => brokers + 1

/** @param ports - the brokers' ports, then the controller's. */
export const layoutOf = (directory: string, ports: readonly number[]): Layout => ({
  brokers: ports
    .slice(0, -1)
    .map((port, index) => ({ id: index + 1, port, folder: path.join(directory, `broker-${index + 1}`) })),
  controllerPort: ports.at(-1) ?? 0,
})

/** Where clients begin: Kafka's `bootstrap.servers`. */
export const bootstrapServersOf = ({ brokers }: Layout): string =>
  brokers.map(({ port }) => `127.0.0.1:${port}`).join(',')

/** Log file of a broker. */
export const logOf = ({ folder }: BrokerPlan): string => path.join(folder, 'broker.log')

/** Properties file of a broker. */
export const propertiesFileOf = ({ folder }: BrokerPlan): string => path.join(folder, 'server.properties')

/** Kafka's `log.dirs` of a broker. */
export const dataOfBroker = ({ folder }: BrokerPlan): string => path.join(folder, 'data')
