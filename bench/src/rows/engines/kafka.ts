import { startKafka } from '@commerce-mesh/engines'
import type { MeshConfig } from '@commerce-mesh/mesh'
import { guard } from '../../chaos/process/processes.ts'
import { withFolder } from '../../process/workspace.ts'

/** A broker of this run, and a folder on the disk that it writes to. */
export type Bench = { readonly bootstrapServers: string; readonly folder: string }

/** Partitions of every topic. */
export const PARTITIONS = 6

/** How a process reaches the broker; topics and groups of different prefixes never meet. */
export const busOf = (
  { bootstrapServers }: Pick<Bench, 'bootstrapServers'>,
  prefix: string,
): MeshConfig['bus'] & { readonly kafka: NonNullable<MeshConfig['bus']['kafka']> } => ({
  driver: 'kafka',
  partitions: PARTITIONS,
  retentionDays: 30,
  kafka: {
    bootstrapServers,
    clientId: 'bench',
    topicPrefix: `${prefix}.`,
    replicationFactor: 1,
    minInsyncReplicas: 1,
    createTopics: true,
    sessionTimeoutMs: 15_000,
    requestTimeoutMs: 5_000,
  },
})

/**
 * Starts a real Kafka of one broker for one run, and takes it away afterwards.
 *
 * @throws EngineError when there is none to be had here.
 */
export const withKafka = <T>(work: (bench: Bench) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const say = (line: string) => console.error(line)
    const { bootstrapServers, brokers, stop } = await startKafka({ directory: `${folder}/kafka`, say })
    const releases = brokers.map(({ pid }) => guard(pid))
    try {
      return await work({ bootstrapServers, folder })
    } finally {
      await stop()
      for (const release of releases) release()
    }
  })
