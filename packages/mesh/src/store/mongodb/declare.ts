import type { Collection as Documents } from 'mongodb'
import type { Logger } from 'pino'
import type { MongodbSettings } from '../../config/schema.ts'
import { describeFailure } from '../../errors/thrown.ts'
import { pause } from '../../flow/pause.ts'
import type { Collection } from '../store.ts'
import type { Availability } from './availability.ts'
import { type Catalog, type CollectionRecord, checkDeclaration } from './catalog.ts'
import type { MeshDocument } from './documents.ts'
import { ensureIndexes, fillIndexes } from './indexes.ts'

/** What declares collections. */
export type DeclareParts = {
  readonly settings: MongodbSettings
  readonly availability: Availability
  readonly catalog: Catalog
  /** How long a writer may go without looking into the catalog, in milliseconds. */
  readonly catalogMaxAgeMs: number
  readonly documentsOf: (collection: string) => Documents<MeshDocument>
  readonly log: Pick<Logger, 'warn'>
}

/** A write may go on behind our back: twice, the driver looks for a server, waits for a connection and for the answer. */
const LATEST_WRITE = 6

/**
 * Makes `declare` of the store port, in an order that leaves no document out of a new index, whatever stops half-way:
 *
 * 1. The catalog names the path. Writers that look from now on extract it.
 * 2. The index is made, on a field that no document has yet.
 * 3. Documents that were there are filled. Then `declare` answers.
 * 4. When every other writer must have looked into the catalog, what they wrote in the meantime is filled, and the
 *    catalog says so. A process that ends before leaves 3 and 4 to the next one that declares.
 */
export const createDeclare = (parts: DeclareParts): ((collection: Collection) => Promise<void>) => {
  const { availability, catalog, documentsOf, log } = parts
  const { run, closing } = availability
  const { timeoutMs } = parts.settings
  const untilAllKnowMs = Math.max(parts.catalogMaxAgeMs, timeoutMs) + LATEST_WRITE * timeoutMs
  const started = new Set<string>()

  const fill = ({ _id: name, paths }: CollectionRecord) => fillIndexes(availability, documentsOf(name), paths)

  const fillBehindOthers = async (record: CollectionRecord): Promise<void> => {
    const { _id: name, paths } = record
    if (started.has(`${name}/${paths.length}`)) return
    started.add(`${name}/${paths.length}`)
    while (await pause(untilAllKnowMs, closing)) {
      try {
        await fill(record)
        await run('write', () => catalog.markFilled(name, paths.length))
        return
      } catch (thrown) {
        if (closing.aborted) return
        log.warn(
          { err: describeFailure(thrown) },
          `the new indexes of ${name} are not filled yet; trying again`,
        )
      }
    }
  }

  return async (collection) => {
    const record = await run('write', async () => {
      checkDeclaration(collection)
      return catalog.extend(collection)
    })
    const paths = [...new Set(Object.values(collection.indexes))]
    await ensureIndexes(parts, documentsOf(collection.name), paths)
    if (record.filled === record.paths.length) return
    await fill(record)
    void fillBehindOthers(record)
  }
}
