import type { WithId } from 'mongodb'
import type { Logger } from 'pino'
import type { MongodbSettings } from '../../config/schema.ts'
import type { Query, Store } from '../store.ts'
import { type RequestKind, createAvailability } from './availability.ts'
import { CATALOG, type CollectionRecord, createCatalog } from './catalog.ts'
import { createClient, databaseOf } from './client.ts'
import { createDeclare } from './declare.ts'
import { type MeshDocument, contentOf, firstVersion, textOf, toStored } from './documents.ts'
import { isDuplicate } from './failure.ts'
import { cursorOf, orderOf, placeOf, rangesOf } from './query.ts'

/** The store port on MongoDB. */
export type MongodbStore = Store & {
  /** Why the store can't work, for people; undefined while all is well. Cheap: asks the server only after a failure. */
  problem(): string | undefined
}

/** What a store needs. */
export type MongodbStoreOptions = {
  readonly settings: MongodbSettings
  readonly log: Pick<Logger, 'info' | 'warn'>
  /**
   * How long a writer may go without asking whether somebody declared new indexes, in milliseconds; 10,000 when absent.
   * The same for all processes on a database.
   */
  readonly catalogMaxAgeMs?: number
}

const MOST_PER_PAGE = 1_000
const pageSize = (limit: number) => Math.min(Math.max(Math.trunc(limit), 1), MOST_PER_PAGE)

/** Names the probe's document in the catalog; no collection can be named so. */
const PROBE = '_probe'

/**
 * Opens the store port on MongoDB and makes sure that the database answers. After that it recovers by itself.
 *
 * @throws MeshError MESH_CONFIG_INVALID, MESH_STORE_UNAVAILABLE
 */
export const mongodbStore = async (options: MongodbStoreOptions): Promise<MongodbStore> => {
  const { settings, log, catalogMaxAgeMs = 10_000 } = options
  const client = createClient(settings)
  const database = databaseOf(client, settings.database)
  const records = database.collection<CollectionRecord>(CATALOG)
  const catalog = createCatalog(records, catalogMaxAgeMs)
  const probe = (kind: RequestKind) =>
    kind === 'read'
      ? records.findOne({ _id: PROBE })
      : records.updateOne({ _id: PROBE }, { $inc: { v: 1 } }, { upsert: true })
  const availability = createAvailability({ client, timeoutMs: settings.timeoutMs, log, probe })
  const { run } = availability

  const documentsOf = (collection: string) => database.collection<MeshDocument>(collection)

  /** The documents of a collection that somebody declared. @throws TypeError */
  const declared = async (collection: string) => {
    await catalog.known(collection)
    return documentsOf(collection)
  }

  const pathOf = async (collection: string, index: string | undefined) =>
    index === undefined ? undefined : catalog.pathOf(collection, index)

  const create = async (collection: string, document: MeshDocument): Promise<number | undefined> => {
    try {
      await documentsOf(collection).insertOne(document)
      return document.v
    } catch (thrown) {
      if (isDuplicate(thrown)) return undefined
      throw thrown
    }
  }

  const replace = async (collection: string, { _id, ...document }: MeshDocument, expected: number) => {
    const { matchedCount } = await documentsOf(collection).replaceOne({ _id, v: expected }, document)
    return matchedCount === 1 ? document.v : undefined
  }

  const select = async (collection: string, query: Query, limit: number) => {
    const documents = await declared(collection)
    const path = await pathOf(collection, query.index)
    const found: WithId<MeshDocument>[] = []
    for (const range of rangesOf(path, query)) {
      const wanted = limit - found.length
      if (wanted === 0) break
      const cursor = documents.find(range, { projection: { g: 0 }, batchSize: wanted + 1 })
      found.push(...(await cursor.sort(orderOf(path)).limit(wanted).toArray()))
    }
    const last = found.length === limit ? found.at(-1) : undefined
    return { found, ...(last !== undefined && { next: cursorOf(placeOf(path, last)) }) }
  }

  const countIn = async (collection: string, query: Omit<Query, 'limit' | 'after'>): Promise<number> => {
    const documents = await declared(collection)
    const ranges = rangesOf(await pathOf(collection, query.index), query)
    const counts = await Promise.all(ranges.map((range) => documents.countDocuments(range)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  try {
    await run('read', () => client.connect())
  } catch (thrown) {
    await availability.close()
    throw thrown
  }

  return {
    declare: createDeclare({ settings, availability, catalog, catalogMaxAgeMs, documentsOf, log }),
    get: async <B>(collection: string, id: string) => {
      const found = await run('read', async () =>
        (await declared(collection)).findOne({ _id: String(id) }, { projection: { v: 1, b: 1 } }),
      )
      return found === null ? undefined : toStored<B>(found)
    },
    put: async (collection, id, body, expected) => {
      // Now: the caller may change the body while we wait.
      const text = textOf(body)
      // A request of its own: one that comes late must not be followed by a write that is late too.
      const { paths } = catalog.fresh(collection) ?? (await run('read', () => catalog.load(collection)))
      const document = { _id: String(id), ...contentOf(text, paths) }
      return run('write', () =>
        expected === 0
          ? create(collection, { v: firstVersion(), ...document })
          : replace(collection, { v: expected + 1, ...document }, expected),
      )
    },
    remove: (collection, id, expected) =>
      run('write', async () => {
        const documents = await declared(collection)
        return (await documents.deleteOne({ _id: String(id), v: expected })).deletedCount === 1
      }),
    find: async <B>(collection: string, query: Query) => {
      const { found, ...next } = await run('read', () => select(collection, query, pageSize(query.limit)))
      return { documents: found.map((document) => toStored<B>(document)), ...next }
    },
    count: (collection, query) => run('read', () => countIn(collection, query)),
    problem: availability.problem,
    close: availability.close,
  }
}
