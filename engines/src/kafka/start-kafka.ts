import { freePorts } from '../place/free-ports.ts'
import { RECIPES } from '../place/place.ts'
import type { ProcessId } from '../process/identity.ts'
import { kill, stop } from '../process/stop.ts'
import { silent } from '../progress.ts'
import type { Say } from '../progress.ts'
import { launchBroker, prepare, untilAlive } from './broker.ts'
import type { Besides } from './broker.ts'
import type { KafkaKit } from './java.ts'
import { kafkaKit } from './kit.ts'
import { bootstrapServersOf, layoutOf, portsOf } from './layout.ts'
import type { BrokerPlan } from './layout.ts'

/** Time that a broker gets between SIGTERM and SIGKILL, in milliseconds. One that has lost its controller never ends by itself. */
export const KAFKA_GRACE_MS = 15_000

/** A broker that can be taken down and brought back. */
export type KafkaBroker = {
  /** Kafka's `node.id`, from 1. Broker 1 is the only controller: while it is down, nobody takes over another's partitions. */
  readonly id: number
  /** Port on 127.0.0.1; the same for ever. */
  readonly port: number
  /** Process of now; another one after a start. */
  readonly pid: number
  /** SIGKILL, as a crash; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL after 15 s; resolves when the process is gone. */
  stop(): Promise<void>
  /** Starts it again on the same folder; resolves when the cluster counts it as alive. @throws EngineError */
  start(): Promise<void>
}

/** A cluster of this process: it ends when this process ends. */
export type RunningKafka = {
  /** Addresses of all brokers, `host:port` with commas between. */
  readonly bootstrapServers: string
  readonly brokers: readonly KafkaBroker[]
  /** Stops every broker that runs, the controller last. The data stays. */
  stop(): Promise<void>
}

/** What to start. */
export type KafkaOptions = Besides & {
  /** Folder of data and logs; one that was used before is taken up again, if it is of as many brokers. */
  readonly directory: string
  /** Port of the first broker; a free one when absent, as for all others. */
  readonly port?: number
  /** 1 (default) or more. With 3, every topic and internal topic has three replicas, and `min.insync.replicas` is 2. */
  readonly brokers?: number
  /** Told what is fetched the first time; nobody is when absent. */
  readonly say?: Say
}

type Managed = KafkaBroker & {
  launch(): Promise<void>
  alive(brokers?: readonly BrokerPlan[]): Promise<void>
}

const manage = (plan: BrokerPlan, kit: KafkaKit): Managed => {
  let id: ProcessId = { pid: 0, started: '' }
  const launch = async () => {
    id = await launchBroker(plan, kit, { detached: false })
  }
  const alive = (brokers: readonly BrokerPlan[] = [plan]) => untilAlive(plan, id, { brokers })
  return {
    id: plan.id,
    port: plan.port,
    get pid() {
      return id.pid
    },
    launch,
    alive,
    kill: () => kill(id),
    stop: async () => void (await stop(id, KAFKA_GRACE_MS)),
    start: async () => {
      await launch()
      await alive()
    },
  }
}

/**
 * Starts a real Kafka for a test or a chaos run, without Docker, and resolves when every broker is alive.
 *
 * @throws EngineError when Java is missing, or Maven where Kafka was not fetched yet; or when it does not start.
 */
export const startKafka = async ({
  directory,
  port,
  brokers: count = 1,
  say = silent,
  ...besides
}: KafkaOptions): Promise<RunningKafka> => {
  const kit = await kafkaKit(RECIPES, say)
  const free = await freePorts(portsOf(count))
  const layout = layoutOf(directory, port === undefined ? free : [port, ...free.slice(1)])
  await prepare(layout, kit, besides)
  const brokers = layout.brokers.map((plan) => manage(plan, kit))
  const stopAll = async () => {
    const [controller, ...others] = brokers
    await Promise.all(others.map((broker) => broker.stop()))
    await controller?.stop()
  }
  try {
    await Promise.all(brokers.map((broker) => broker.launch()))
    await Promise.all(brokers.map((broker) => broker.alive(layout.brokers)))
  } catch (thrown) {
    await stopAll()
    throw thrown
  }
  return { bootstrapServers: bootstrapServersOf(layout), brokers, stop: stopAll }
}
