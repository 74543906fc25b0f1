import { type Logger, pino } from 'pino'
import type { AggregateDocument } from '../aggregate/document.ts'
import { aggregateCollection } from '../aggregate/document.ts'
import { embeddedBus } from '../bus/embedded/embedded-bus.ts'
import type { Bus, Topic } from '../bus/bus.ts'
import type { MeshConfig } from '../config/config.ts'
import { deadLetterCollection } from '../dead-letter/dead-letter.ts'
import { describeFailure } from '../errors/thrown.ts'
import { createOperations } from '../operations/engine-operations.ts'
import type { Operations } from '../operations/operations.ts'
import type { Service } from '../service/service.ts'
import { type SqliteEngine, openSqliteEngine, openSqliteReader } from '../sqlite/engine.ts'
import type { Store } from '../store/store.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { type Metrics, createMetrics } from '../telemetry/metrics.ts'
import { type Health, createHealth } from './health.ts'
import { calmIntake } from './publisher.ts'
import { type RunningService, startService } from './running-service.ts'

/** A mesh that runs in this process. */
export type RunningMesh = {
  readonly operations: Operations
  readonly metrics: Metrics
  readonly health: Health
  readonly bus: Bus
  readonly store: Store
  /** State of one aggregate of a service, as last committed. */
  readState<S>(service: string, key: string): Promise<S | undefined>
  /** Where the gateway answers; undefined where this process has none. */
  readonly url: string | undefined
  /** Stop intake, drain, commit, flush, close, in that order (promise 10). Safe to call again. */
  stop(): Promise<void>
}

type AnyService = Service<never, never>

const TRIM_EVERY_MS = 3_600_000

/** Every topic that the services read or write. */
const topicsOf = (services: readonly AnyService[], partitions: number): Topic[] => {
  const contracts = services.flatMap((service) => [...service.consumes, ...service.emits])
  return [...new Set(contracts.map((contract) => contract.type))].map((name) => ({ name, partitions }))
}

const MESH_TOPICS = ['mesh.hop-recorded.v1', 'mesh.dead-letter-recorded.v1']

const stateReader =
  (store: Store) =>
  async <S>(service: string, key: string): Promise<S | undefined> =>
    (await store.get<AggregateDocument<S>>(service, key))?.body.state

/**
 * Starts services on the engines that the configuration names, all in this process.
 *
 * @throws MeshError MESH_DATA_IN_USE, MESH_DATA_NOT_WRITABLE, MESH_DATA_NEWER, MESH_CONFIG_INVALID, MESH_PORT_TAKEN
 */
export const startMesh = async ({
  config,
  services,
  log = pino({ level: config.log.level }),
}: {
  config: MeshConfig
  services: readonly AnyService[]
  log?: Logger
}): Promise<RunningMesh> => {
  const engine = await openSqliteEngine(config.data)
  const bus = embeddedBus(engine)
  const store = sqliteStore(engine)
  const metrics = createMetrics()
  const health = createHealth()
  health.check('data', engine.problem)
  const started: RunningService[] = []
  let trimming: NodeJS.Timeout | undefined

  const stop = async () => {
    clearInterval(trimming)
    // A service that fails to stop must not keep the others, or the data directory.
    const edges = await Promise.allSettled(started.map((service) => service.closeEdge()))
    const services = await Promise.allSettled(started.map((service) => service.stop(config.graceMs)))
    await bus.close()
    await store.close()
    await engine.close()
    const failed = [...edges, ...services].find((ended) => ended.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  try {
    await bus.declare([
      ...topicsOf(services, config.bus.partitions),
      ...MESH_TOPICS.map((name) => ({ name, partitions: config.bus.partitions })),
    ])
    await store.declare(deadLetterCollection)
    const operations = createOperations({ bus, store, services, metrics })
    metrics.collect(async () =>
      metrics.gauge(
        'mesh_dead_letters',
        { class: 'all' },
        await store.count(deadLetterCollection.name, { index: 'openSince' }),
      ),
    )
    const surroundings = { config, bus, store, metrics, health, operations, log, intake: calmIntake() }
    for (const service of services)
      started.push(await startService(service as unknown as Service, surroundings))
    const addresses: (string | undefined)[] = []
    for (const service of started) addresses.push(await service.openEdge())
    const url = addresses.find((address) => address !== undefined)
    if (url !== undefined) engine.announce(url)
    trimming = setInterval(() => {
      bus
        .trim(Date.now() - config.bus.retentionDays * 86_400_000)
        .catch((thrown: unknown) =>
          log.warn({ err: describeFailure(thrown) }, 'old records could not be trimmed; trying again'),
        )
    }, TRIM_EVERY_MS).unref()
    let stopping: Promise<void> | undefined
    return {
      operations,
      metrics,
      health,
      bus,
      store,
      readState: stateReader(store),
      url,
      stop: () => (stopping ??= stop()),
    }
  } catch (thrown) {
    // What kept the mesh from starting is the news.
    await stop().catch(() => {})
    throw thrown
  }
}

/** A mesh's data without its services. */
export type OpenMesh = Pick<RunningMesh, 'operations' | 'readState'> & { close(): Promise<void> }

/**
 * Opens the data of a mesh without running it. `'read'` works beside a running one; `'write'` (redrive, discard) takes
 * the ownership of the data directory.
 *
 * @throws MeshError MESH_DATA_MISSING, MESH_DATA_IN_USE, MESH_DATA_NEWER
 */
export const openMesh = async (
  { config, services }: { config: MeshConfig; services: readonly AnyService[] },
  mode: 'read' | 'write' = 'read',
): Promise<OpenMesh> => {
  // Opening to write would make a missing directory; a person who mistyped --data wants to hear of it instead.
  const probe = openSqliteReader(config.data)
  const engine: SqliteEngine =
    mode === 'read' ? probe : (await probe.close(), await openSqliteEngine(config.data))
  const bus = embeddedBus(engine)
  const store = sqliteStore(engine)
  if (mode === 'write') {
    for (const collection of [deadLetterCollection, ...services.map(({ name }) => aggregateCollection(name))])
      await store.declare(collection)
  }
  const operations = createOperations({ bus, store, services, metrics: createMetrics() })
  const close = async () => {
    await bus.close()
    await store.close()
    await engine.close()
  }
  return { operations, readState: stateReader(store), close }
}
