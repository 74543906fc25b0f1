import type { Logger } from 'pino'
import { embeddedBus } from '../bus/embedded/embedded-bus.ts'
import type { Bus } from '../bus/bus.ts'
import { openKafkaBus } from '../bus/kafka/open.ts'
import type { MeshConfig } from '../config/config.ts'
import { engineMark } from '../config/engine-mark.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { type SqliteEngine, openSqliteEngine, openSqliteReader } from '../sqlite/engine.ts'
import { openMongodbStore } from '../store/mongodb/open.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import type { HealthCheck } from './health.ts'

/** What carries and keeps, as the configuration names it. Nothing above this file knows which drivers there are. */
export type Engines = {
  readonly bus: Bus
  readonly store: Store
  /** No other process works on these documents. */
  readonly exclusive: boolean
  /** Readiness checks by name. */
  readonly checks: Readonly<Record<string, HealthCheck>>
  /** Tells other processes on this machine where this one can be reached, where there is a data directory. */
  announce(url: string): void
  /** Deletes what is old and handled, where the engine does not do so by itself. */
  trim?(before: number): Promise<number>
  close(): Promise<void>
}

/** `run`: to work on. `read`: beside whoever works. `write`: to change something small while nobody works. */
export type OpenMode = 'run' | 'read' | 'write'

/** Opening to write would make a missing directory; a person who mistyped --data wants to hear of it instead. */
const openSqlite = async (directory: string, mode: OpenMode): Promise<SqliteEngine> => {
  if (mode === 'run') return openSqliteEngine(directory)
  const reader = openSqliteReader(directory)
  if (mode === 'read') return reader
  await reader.close()
  return openSqliteEngine(directory)
}

const incomplete = (what: string): MeshError =>
  new MeshError('MESH_CONFIG_INVALID', `The configuration says nothing about ${what}.`)

const openBus = async ({ bus }: MeshConfig, sqlite: SqliteEngine | undefined, log: Logger) => {
  if (bus.driver === 'embedded') {
    if (sqlite === undefined) throw incomplete('the data directory')
    const embedded = embeddedBus(sqlite)
    return { bus: embedded, trim: embedded.trim }
  }
  if (bus.kafka === undefined) throw incomplete('bus.kafka')
  const { retentionDays, kafka: settings } = bus
  const kafka = await openKafkaBus({ settings, retentionDays, log })
  return { bus: kafka, checks: { kafka: kafka.problem } }
}

const openStore = async ({ store }: MeshConfig, sqlite: SqliteEngine | undefined, log: Logger) => {
  if (store.driver === 'sqlite') {
    if (sqlite === undefined) throw incomplete('the data directory')
    return { store: sqliteStore(sqlite) }
  }
  if (store.mongodb === undefined) throw incomplete('store.mongodb')
  const mongodb = await openMongodbStore({ settings: store.mongodb, log })
  return { store: mongodb, checks: { mongodb: mongodb.problem } }
}

/**
 * Opens the bus and the store that the configuration names. Only the drivers that are named are loaded.
 *
 * @throws MeshError MESH_CONFIG_INVALID; with SQLite also MESH_DATA_IN_USE, MESH_DATA_NOT_WRITABLE, MESH_DATA_NEWER,
 * MESH_DATA_MISSING (unless `run`); with Kafka or MongoDB also MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE
 */
export const openEngines = async (config: MeshConfig, log: Logger, mode: OpenMode): Promise<Engines> => {
  const local = config.bus.driver === 'embedded' || config.store.driver === 'sqlite'
  const sqlite = local ? await openSqlite(config.data, mode) : undefined
  const opened: { close(): Promise<void> }[] = sqlite === undefined ? [] : [sqlite]
  // In the order of their use: the bus goes first, the file below both goes last.
  const close = async () => {
    for (const engine of opened.toReversed()) await engine.close()
  }
  try {
    const kept = await openStore(config, sqlite, log)
    opened.push(kept.store)
    const carried = await openBus(config, sqlite, log)
    opened.push(carried.bus)
    return {
      bus: carried.bus,
      store: kept.store,
      exclusive: config.store.driver === 'sqlite',
      checks: { ...(sqlite && { data: sqlite.problem }), ...carried.checks, ...kept.checks },
      announce: (url) => sqlite?.announce(url, engineMark(config)),
      ...(carried.trim && { trim: carried.trim }),
      close,
    }
  } catch (thrown) {
    await close().catch(() => {})
    throw thrown
  }
}
