import { randomUUID } from 'node:crypto'
import { type MongodbStore, openMongodbStore } from '@commerce-mesh/mesh'
import { type Db, MongoClient } from 'mongodb'

/** Where each write waits for a disk of its own, a thousand writes at once may take this long. */
const TIMEOUT_MS = 120_000

/** A database of a test's own. */
export type TestDatabase = {
  /** Opens a store on it, as one more process would. Closed by {@link TestDatabase.drop}, if the test has not. */
  open(more?: { timeoutMs?: number; catalogMaxAgeMs?: number; url?: string }): Promise<MongodbStore>
  /** Looks at the database itself. */
  look<T>(work: (database: Db) => Promise<T>): Promise<T>
  drop(): Promise<void>
}

/** Names a fresh database; it comes into being with the first store. */
export const testDatabase = (url: string): TestDatabase => {
  const database = `mesh_test_${randomUUID().slice(0, 8)}`
  const stores: MongodbStore[] = []
  const look: TestDatabase['look'] = async (work) => {
    const client = new MongoClient(url)
    try {
      return await work(client.db(database))
    } finally {
      await client.close()
    }
  }
  return {
    open: async ({ catalogMaxAgeMs, ...settings } = {}) => {
      const store = await openMongodbStore({
        settings: { url, database, timeoutMs: TIMEOUT_MS, ...settings },
        log: { info() {}, warn() {} },
        ...(catalogMaxAgeMs !== undefined && { catalogMaxAgeMs }),
      })
      stores.push(store)
      return store
    },
    look,
    drop: async () => {
      for (const store of stores) await store.close()
      await look((opened) => opened.dropDatabase())
    },
  }
}
