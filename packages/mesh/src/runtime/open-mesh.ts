import { pino } from 'pino'
import { aggregateCollection } from '../aggregate/document.ts'
import type { MeshConfig } from '../config/config.ts'
import { deadLetterCollection } from '../dead-letter/dead-letter.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { createOperations } from '../operations/engine-operations.ts'
import { whereDeclared } from '../operations/where-declared.ts'
import type { Store } from '../store/store.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { openEngines } from './engines.ts'
import { type AnyService, type RunningMesh, stateReader } from './mesh.ts'

/** A mesh's data without its services. */
export type OpenMesh = Pick<RunningMesh, 'operations' | 'readState' | 'store'> & { close(): Promise<void> }

/** A mistyped database is there as soon as it is asked for, and empty: "no dead letters" would be believed. */
const refuseEmpty = async (
  store: Store,
  services: readonly AnyService[],
  { store: settings }: MeshConfig,
): Promise<void> => {
  const names = [deadLetterCollection.name, ...services.map(({ name }) => name)]
  for (const name of names)
    if ((await whereDeclared(() => store.find(name, { limit: 1 }))) !== undefined) return
  const where =
    settings.driver === 'mongodb' ? `The database ${settings.mongodb?.database}` : 'The data directory'
  throw new MeshError('MESH_DATA_MISSING', `${where} holds no mesh: no service has ever run on it.`, {
    action: 'Compare store.mongodb.database and store.mongodb.url with those of the mesh, or start it first.',
  })
}

/**
 * Opens the data of a mesh without running it: the data directory, or Kafka and MongoDB from any machine that reaches
 * them. `'read'` works beside a running one; `'write'` (redrive, discard) takes the ownership of a data directory.
 *
 * @throws MeshError MESH_DATA_MISSING (also where the database is empty), MESH_DATA_IN_USE, MESH_DATA_NEWER,
 * MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE
 */
export const openMesh = async (
  { config, services }: { config: MeshConfig; services: readonly AnyService[] },
  mode: 'read' | 'write' = 'read',
): Promise<OpenMesh> => {
  const { bus, store, close } = await openEngines(config, pino({ level: 'silent' }), mode)
  try {
    if (mode === 'write') {
      for (const collection of [deadLetterCollection, ...services.map(aggregateCollection)])
        await store.declare(collection)
    }
    await refuseEmpty(store, services, config)
  } catch (thrown) {
    await close().catch(() => {})
    throw thrown
  }
  const operations = createOperations({ bus, store, services, metrics: createMetrics() })
  return { operations, readState: stateReader(store), store, close }
}
