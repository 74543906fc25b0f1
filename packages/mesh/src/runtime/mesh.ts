import { CONTRACTS, type EventContract, type ProducerGrants } from '@commerce-mesh/contracts'
import { type Logger, pino } from 'pino'
import type { AggregateDocument } from '../aggregate/document.ts'
import type { Bus, Topic } from '../bus/bus.ts'
import type { MeshConfig } from '../config/config.ts'
import { deadLetterCollection } from '../dead-letter/dead-letter.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { describeFailure } from '../errors/thrown.ts'
import { createOperations } from '../operations/engine-operations.ts'
import type { Operations } from '../operations/operations.ts'
import { grantsOf } from '../topology/outside.ts'
import { planRoutes } from '../routes/plan.ts'
import { refuseRoutes } from '../topology/refuse-routes.ts'
import type { ConfiguredSource, Service } from '../service/service.ts'
import type { Store } from '../store/store.ts'
import { collectFrom } from '../telemetry/engine-gauges.ts'
import { type Metrics, createMetrics } from '../telemetry/metrics.ts'
import { type Telemetry, openTelemetry } from '../telemetry/open-telemetry.ts'
import { type DeclaredMesh, contractsOf } from '../topology/declared-mesh.ts'
import { type Engines, openEngines } from './engines.ts'
import { type Health, createHealth } from './health.ts'
import { patiently } from './patience.ts'
import { calmIntake } from './publisher.ts'
import { type RunningService, startService } from './running-service.ts'
import { type StatusServer, startStatusServer } from './status-server.ts'

/** A mesh, or a part of one, that runs in this process. */
export type RunningMesh = {
  readonly operations: Operations
  readonly metrics: Metrics
  readonly health: Health
  readonly bus: Bus
  readonly store: Store
  /** State of one aggregate of a service, as last committed. */
  readState<S>(service: string, key: string): Promise<S | undefined>
  /** Where the gateway answers, or else the status server; undefined where this process has neither. */
  readonly url: string | undefined
  /** Stop intake, drain, commit, flush, close, in that order (promise 10). Safe to call again. */
  stop(): Promise<void>
}

/** A service, whatever its state and options are. */
export type AnyService = Service<never, never>

const TRIM_EVERY_MS = 3_600_000

/** Time that a stop gives a collector to take what is left. */
const FLUSH_MS = 2_000

const MESH_TOPICS = ['mesh.hop-recorded.v1', 'mesh.dead-letter-recorded.v1']

/**
 * Every topic that the services read or write, with the mesh's own.
 *
 * @param more - what comes in from elsewhere: events of sources, and of those who may publish over HTTP.
 */
export const topicsOf = (
  services: readonly AnyService[],
  partitions: number,
  more: readonly EventContract[] = [],
): Topic[] => {
  const contracts = [...services.flatMap((service) => [...service.consumes, ...service.emits]), ...more]
  const names = new Set([...contracts.map((contract) => contract.type), ...MESH_TOPICS])
  return [...names].map((name) => ({ name, partitions }))
}

/** What may come in besides what the services read and write themselves. */
const fromOutside = (
  contracts: ReadonlyMap<string, EventContract>,
  grants: ProducerGrants,
  sources: readonly ConfiguredSource[],
): readonly EventContract[] => {
  const granted = new Set([...grants.values()].flatMap((types) => [...types]))
  return [
    ...sources.flatMap(({ source }) => source.emits),
    ...[...contracts.values()].filter(({ type }) => granted.has(type)),
  ]
}

/** Two of one name would share an address, and one would never be asked. @throws MeshError MESH_CONFIG_INVALID */
const refuseTwins = (sources: readonly ConfiguredSource[]): void => {
  const names = sources.map(({ source }) => source.name)
  const twin = names.find((name, nth) => names.indexOf(name) < nth)
  if (twin === undefined) return
  throw new MeshError(
    'MESH_CONFIG_INVALID',
    `Two sources are named '${twin}': both would be served at /webhooks/${twin}.`,
    { action: 'Leave one of the two plugins out, or have one of them rename its source.' },
  )
}

/** Reads the state of aggregates, as last committed. */
export const stateReader =
  (store: Store) =>
  async <S>(service: string, key: string): Promise<S | undefined> =>
    (await store.get<AggregateDocument<S>>(service, key))?.body.state

/** What to start. */
export type StartOptions = {
  readonly config: MeshConfig
  readonly services: readonly AnyService[]
  /** Every service of the mesh, for audits and redrives, where others run elsewhere. Default: `services`. */
  readonly known?: readonly AnyService[]
  /** The plugins' sources with their options, for the service with the edge. Default: none. */
  readonly sources?: readonly ConfiguredSource[]
  /** Contracts that are known besides those of the package, of `known` and of `sources`. Default: none. */
  readonly contracts?: readonly EventContract[]
  /** Answers probes and scrapers on `config.status`: for a service without an edge. Default: false. */
  readonly status?: boolean
  readonly log?: Logger
  /** Aborts where nobody waits for the start any more: engines that can't be reached are not waited for. */
  readonly signal?: AbortSignal
  /** Opens what carries and keeps; for tests that put something in between. Default: what the configuration names. */
  readonly open?: typeof openEngines
}

const isRemote = ({ bus, store }: MeshConfig): boolean =>
  bus.driver !== 'embedded' || store.driver !== 'sqlite'

const trimmer = ({ trim }: Engines, config: MeshConfig, log: Logger): NodeJS.Timeout | undefined =>
  trim &&
  setInterval(() => {
    trim(Date.now() - config.bus.retentionDays * 86_400_000).catch((thrown: unknown) =>
      log.warn({ err: describeFailure(thrown) }, 'old records could not be trimmed; trying again'),
    )
  }, TRIM_EVERY_MS).unref()

/**
 * Starts services on the engines that the configuration names, all in this process.
 *
 * @throws MeshError MESH_DATA_IN_USE, MESH_DATA_NOT_WRITABLE, MESH_DATA_NEWER, MESH_CONFIG_INVALID, MESH_PORT_TAKEN;
 * with Kafka or MongoDB also MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE, MESH_TOPIC_UNSAFE, MESH_TOPIC_MISSING
 */
export const startMesh = async ({
  config,
  services,
  known = services,
  sources = [],
  contracts: brought = [],
  status = false,
  log = pino({ level: config.log.level }),
  signal,
  open = openEngines,
}: StartOptions): Promise<RunningMesh> => {
  refuseTwins(sources)
  const declared: DeclaredMesh = {
    services: known,
    contracts: [...CONTRACTS, ...brought],
    sources: sources.map(({ source }) => ({ source, path: [] })),
  }
  refuseRoutes(declared, config.routes)
  const contracts = contractsOf(declared)
  const grants = grantsOf(config.producers)
  const metrics = createMetrics()
  const health = createHealth()
  let starting = true
  health.check('start', () => (starting ? 'is starting' : undefined))
  const started: RunningService[] = []
  // What is wrong with a disk of our own is better said at once.
  const untilReached = <T>(work: () => Promise<T>): Promise<T> =>
    isRemote(config) ? patiently(work, { log, signal }) : work()
  let probes: StatusServer | undefined
  let engines: Engines | undefined
  let telemetry: Telemetry | undefined
  let trimming: NodeJS.Timeout | undefined

  const stop = async () => {
    clearInterval(trimming)
    // A service that fails to stop must not keep the others, or the data directory.
    const edges = await Promise.allSettled(started.map((service) => service.closeEdge()))
    const stopped = await Promise.allSettled(started.map((service) => service.stop(config.graceMs)))
    // The gauges that are sent last are read from the engines.
    await telemetry?.close(FLUSH_MS)
    await engines?.close()
    await probes?.close()
    const failed = [...edges, ...stopped].find((ended) => ended.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  try {
    const tracing = await openTelemetry(config.telemetry, {
      log,
      metrics,
      services: services.map(({ name }) => name),
    })
    telemetry = tracing
    if (status) probes = await startStatusServer(config.status, { health, metrics })
    const opened = await untilReached(() => open(config, log, 'run'))
    engines = opened
    const { bus, store, exclusive } = opened
    for (const [name, check] of Object.entries(opened.checks)) health.check(name, check)
    await untilReached(async () => {
      await bus.declare(topicsOf(services, config.bus.partitions, fromOutside(contracts, grants, sources)))
      await store.declare(deadLetterCollection)
    })
    const operations = createOperations({ bus, store, services: known, metrics })
    collectFrom(metrics, 'mesh_dead_letters', async () => [
      {
        labels: { class: 'all' },
        value: await store.count(deadLetterCollection.name, { index: 'openSince' }),
      },
    ])
    const surroundings = {
      config,
      bus,
      store,
      exclusive,
      metrics,
      health,
      operations,
      log,
      intake: calmIntake(),
      telemetry: tracing,
      routes: planRoutes(services, config.routes),
      contracts,
      grants,
      sources,
    }
    for (const service of services)
      started.push(await untilReached(() => startService(service as unknown as Service, surroundings)))
    const addresses: (string | undefined)[] = []
    for (const service of started) addresses.push(await service.openEdge())
    const url = addresses.find((address) => address !== undefined)
    if (url !== undefined) opened.announce(url)
    trimming = trimmer(opened, config, log)
    starting = false
    let stopping: Promise<void> | undefined
    return {
      operations,
      metrics,
      health,
      bus,
      store,
      readState: stateReader(store),
      url: url ?? probes?.url,
      stop: () => (stopping ??= stop()),
    }
  } catch (thrown) {
    // What kept the mesh from starting is the news.
    await stop().catch(() => {})
    throw thrown
  }
}
