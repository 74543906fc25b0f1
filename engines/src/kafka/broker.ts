import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EngineError } from '../engine-error.ts'
import { isRunning } from '../process/identity.ts'
import type { ProcessId } from '../process/identity.ts'
import { launch } from '../process/launch.ts'
import { untilReady } from '../process/ready.ts'
import { lastLines, run } from '../process/run.ts'
import { brokerArguments, formatArguments } from './java.ts'
import type { KafkaKit } from './java.ts'
import { dataOfBroker, logOf, propertiesFileOf } from './layout.ts'
import type { BrokerPlan, Layout } from './layout.ts'
import { aliveBrokers } from './metadata.ts'
import { propertiesOf } from './properties.ts'

/** The same for every cluster: brokers of one cluster must agree on it, and clusters never meet. */
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qg'

/** How long a broker may take to start, in milliseconds; on a loaded machine without the archive it takes 12 s. */
const START_MS = 90_000

/** What a cluster has besides the recipe. */
export type Besides = {
  /** Properties of every broker besides those of the recipe, or in their place. */
  readonly properties?: Readonly<Record<string, string>>
  /** Further arguments of `kafka-storage format`, such as `--add-scram`; they count only on a folder that is new. */
  readonly format?: readonly string[]
}

const format = async (broker: BrokerPlan, kit: KafkaKit, more: Besides['format']): Promise<void> => {
  if (existsSync(path.join(dataOfBroker(broker), 'meta.properties'))) return
  const { ok, output } = await run(kit.java, formatArguments(kit, propertiesFileOf(broker), CLUSTER_ID, more))
  if (!ok)
    throw new EngineError(
      `Kafka could not format ${dataOfBroker(broker)}:\n${lastLines(output)}`,
      'See that the folder can be written, or begin again with --fresh.',
    )
}

/** Writes each broker's properties, with the ports of now, and formats data folders that are new. @throws EngineError */
export const prepare = async (layout: Layout, kit: KafkaKit, besides: Besides = {}): Promise<void> => {
  for (const broker of layout.brokers) {
    mkdirSync(broker.folder, { recursive: true })
    writeFileSync(propertiesFileOf(broker), propertiesOf(broker, layout, besides.properties))
  }
  await Promise.all(layout.brokers.map((broker) => format(broker, kit, besides.format)))
}

/** Starts a broker; it is not ready yet. @throws EngineError */
export const launchBroker = (
  broker: BrokerPlan,
  kit: KafkaKit,
  { detached, archiving = false }: { detached: boolean; archiving?: boolean },
): Promise<ProcessId> =>
  launch({
    command: kit.java,
    args: brokerArguments(kit, propertiesFileOf(broker), archiving),
    log: logOf(broker),
    detached,
  })

/** Waits until a broker answers and names itself, and the others that are given, as alive. @throws EngineError */
export const untilAlive = (
  broker: BrokerPlan,
  id: ProcessId,
  { brokers }: Pick<Layout, 'brokers'> = { brokers: [broker] },
): Promise<void> =>
  untilReady({
    what: `Kafka broker ${broker.id}`,
    hasEnded: () => !isRunning(id),
    log: logOf(broker),
    timeoutMs: START_MS,
    ask: async () => {
      const alive = await aliveBrokers(broker.port)
      return brokers.every((other) => alive.includes(other.id))
    },
  })
