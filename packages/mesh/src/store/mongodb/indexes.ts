import type { Collection as Documents, Db } from 'mongodb'
import type { MongodbSettings } from '../../config/schema.ts'
import type { Availability } from './availability.ts'
import { createClient, databaseOf } from './client.ts'
import { type MeshDocument, indexValues } from './documents.ts'
import { isMissing } from './failure.ts'
import { indexedField, orderOf } from './query.ts'

/** A server that reads through a big collection for a new index answers when it is done. */
const BUILD_MS = 15 * 60_000

/** Documents looked at in one request, and filled in one: few, for it has no more time than any other. */
const PAGE = 1_000
const FILLED_AT_ONCE = 25

/** Names of the indexes that a collection has; none where it does not exist yet. */
const indexNames = async (documents: Documents<MeshDocument>): Promise<readonly string[]> => {
  try {
    return (await documents.listIndexes().toArray()).map(({ name }) => String(name))
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

/** One index per path; documents without a value there are not in it. */
const specOf = (path: string) => ({
  name: path,
  key: orderOf(path),
  partialFilterExpression: { [indexedField(path)]: { $exists: true } },
})

/** Does something that may take long, on a connection that waits for it. */
const patiently = async <T>(
  settings: MongodbSettings,
  availability: Availability,
  work: (database: Db) => Promise<T>,
): Promise<T> => {
  const client = createClient(settings, BUILD_MS)
  const abandon = () => void client.close().catch(() => {})
  availability.closing.addEventListener('abort', abandon, { once: true })
  try {
    return await availability.run('write', () => work(databaseOf(client, settings.database)), BUILD_MS)
  } finally {
    availability.closing.removeEventListener('abort', abandon)
    await client.close()
  }
}

/** Makes the indexes of these paths that are missing. @throws MeshError MESH_STORE_UNAVAILABLE */
export const ensureIndexes = async (
  { settings, availability }: { settings: MongodbSettings; availability: Availability },
  documents: Documents<MeshDocument>,
  paths: readonly string[],
): Promise<void> => {
  if (paths.length === 0) return
  const there = await availability.run('read', () => indexNames(documents))
  const missing = paths.filter((path) => !there.includes(path))
  if (missing.length === 0) return
  await patiently(settings, availability, (database) =>
    database.collection(documents.collectionName).createIndexes(missing.map(specOf)),
  )
}

/** Tries at documents that others keep writing; they are met again when their writers know all paths. */
const TRIES = 5

/**
 * Gives every document the index values that its writer did not know of yet. Writes go on meanwhile: a document that
 * changes under our hands is left to who changed it, for the body that we read is not its body any more.
 *
 * Safe to do again and by several at once; goes through the collection in the order of ids, a page at a time.
 */
export const fillIndexes = async (
  { run, closing }: Availability,
  documents: Documents<MeshDocument>,
  paths: readonly string[],
): Promise<void> => {
  const behind = { $lt: paths.length }

  const fillSome = async (ids: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const stale = await run('read', () =>
        documents.find({ _id: { $in: ids }, g: behind }, { projection: { v: 1, b: 1 } }).toArray(),
      )
      if (stale.length === 0) return
      const updates = stale.map(({ _id, v, b }) => ({
        updateOne: {
          filter: { _id, v, g: behind },
          update: { $set: { i: indexValues(b, paths), g: paths.length } },
        },
      }))
      await run('write', () => documents.bulkWrite(updates, { ordered: false }))
    }
  }

  let after: string | undefined
  while (!closing.aborted) {
    const page = await run('read', () =>
      documents
        .find(after === undefined ? {} : { _id: { $gt: after } }, { projection: { g: 1 } })
        .sort({ _id: 1 })
        .limit(PAGE)
        .toArray(),
    )
    const last = page.at(-1)
    if (last === undefined) return
    const stale = page.filter(({ g }) => g < paths.length).map(({ _id }) => _id)
    for (let start = 0; start < stale.length; start += FILLED_AT_ONCE)
      await fillSome(stale.slice(start, start + FILLED_AT_ONCE))
    after = last._id
  }
}
