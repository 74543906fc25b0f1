import { mkdirSync, writeFileSync } from 'node:fs'
import type { FaultsInput } from '@commerce-mesh/testing'
import { type Child, startChild } from '../../process/child.ts'
import { guard } from '../process/processes.ts'
import type { EngineCluster } from './engines.ts'
import { type Life, type Replica, SERVICES, type ServiceName, createReplica } from './replica.ts'
import { addPlainIndexes } from './plain-indexes.ts'
import { databaseOf, distributedYaml } from './settings.ts'

/** What runs in a world. */
export type WorldPlan = {
  readonly folder: string
  readonly engines: EngineCluster
  /** Short, lower-case letters: prefix of topics, groups and order numbers, and the database. */
  readonly name: string
  /** Which services there are. Default: all. */
  readonly services?: readonly ServiceName[]
  /** Processes of each of them. Default: one. */
  readonly replicas?: Partial<Record<ServiceName, number>>
  /** What the first processes are. */
  readonly lives?: Partial<Record<ServiceName, Life>>
  /** Milliseconds that counting a link takes. Default: 0. */
  readonly slowMs?: number
  /** Default: 6,000, the least that a broker accepts by default. */
  readonly sessionTimeoutMs?: number
  readonly telemetry?: string
}

/** A distributed mesh of real processes, with the LMS whose record outlives everything. */
export type World = {
  readonly name: string
  readonly folder: string
  readonly engines: EngineCluster
  readonly services: readonly ServiceName[]
  /** The mesh.yaml that everybody reads. */
  readonly config: string
  readonly lms: Child
  /** File to which the LMS writes each state-changing call before it answers it. */
  readonly effects: string
  readonly replicas: readonly Replica[]
  /** The nth process of a service, from 1. */
  replica(service: ServiceName, nth?: number): Replica
  /** Processes that ended although nobody killed or stopped them. */
  readonly deaths: readonly string[]
  /** One more process of a service, started. */
  add(service: ServiceName): Promise<Replica>
  trouble(faults: FaultsInput): Promise<void>
  close(): Promise<void>
}

/** Starts everything and waits until every service may take traffic. */
export const createWorld = async (plan: WorldPlan): Promise<World> => {
  const { engines, name, services = SERVICES, slowMs = 0 } = plan
  const folder = `${plan.folder}/${name}`
  mkdirSync(folder, { recursive: true })
  const effects = `${folder}/effects.jsonl`
  const lms = await startChild('lms', { throttle: false, autoCreate: true, journalFile: effects })
  const release = guard(lms.pid)
  const config = `${folder}/mesh.yaml`
  const brokers = engines.kafka.brokers.length
  writeFileSync(
    config,
    distributedYaml({
      bootstrapServers: engines.kafka.bootstrapServers,
      mongoUrl: engines.mongo.url,
      lmsUrl: String(lms.ready['url']),
      name,
      replication: brokers < 3 ? { factor: 1, minInsync: 1 } : { factor: 3, minInsync: 2 },
      sessionTimeoutMs: plan.sessionTimeoutMs ?? 6_000,
      ...(plan.telemetry !== undefined && { telemetry: plan.telemetry }),
    }),
  )
  const replicas: Replica[] = []
  const deaths: string[] = []

  const create = async (service: ServiceName): Promise<Replica> => {
    const number = replicas.filter((replica) => replica.service === service).length + 1
    const replica = await createReplica({ service, number, folder, config, slowMs, onDeath })
    replicas.push(replica)
    return replica
  }

  const onDeath = (died: string) => void deaths.push(died)

  const close = async () => {
    await Promise.all(replicas.filter((replica) => replica.alive()).map((replica) => replica.kill()))
    if (lms.alive()) await lms.stop()
    release()
  }

  try {
    for (const service of services) {
      for (let nth = 0; nth < (plan.replicas?.[service] ?? 1); nth++)
        (await create(service)).start(plan.lives?.[service])
    }
    await Promise.all(replicas.map((replica) => replica.untilReady()))
    await addPlainIndexes(engines.mongo.url, databaseOf(name))
  } catch (thrown) {
    await close()
    throw thrown
  }

  return {
    name,
    folder,
    engines,
    services,
    config,
    lms,
    effects,
    replicas,
    deaths,
    replica: (service, nth = 1) => {
      const found = replicas.filter((replica) => replica.service === service)[nth - 1]
      if (found === undefined) throw new Error(`There is no ${service}-${nth}.`)
      return found
    },
    add: async (service) => {
      const replica = await create(service)
      replica.start()
      return replica
    },
    trouble: async (faults) => void (await lms.ask('faults', faults)),
    close,
  }
}
