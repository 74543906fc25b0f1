import type { MongodbStore, MongodbStoreOptions } from './mongodb-store.ts'

export type { MongodbStore, MongodbStoreOptions }

/**
 * Opens the MongoDB driver, which is loaded only now: a mesh on its embedded engine starts without it.
 *
 * @throws MeshError MESH_CONFIG_INVALID, MESH_STORE_UNAVAILABLE
 */
export const openMongodbStore = async (options: MongodbStoreOptions): Promise<MongodbStore> =>
  (await import('./mongodb-store.ts')).mongodbStore(options)
