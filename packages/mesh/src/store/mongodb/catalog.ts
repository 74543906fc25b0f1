import type { Collection as Documents } from 'mongodb'
import type { Collection } from '../store.ts'
import { isDuplicate } from './failure.ts'

/** What a database knows of a collection: document of `mesh_collections`, by the collection's name. */
export type CollectionRecord = {
  readonly _id: string
  /** Version, for compare and set. */
  readonly v: number
  /** Index name -> path, as last declared. Pairs, because any text may be a name. */
  readonly names: readonly (readonly [name: string, path: string])[]
  /**
   * Every path that ever was declared, in the order of their declaration; none is ever taken back, so that releases
   * with different indexes can work beside each other. A document's `g` counts how many of them it was written with.
   */
  readonly paths: readonly string[]
  /** How many of the paths every document has. */
  readonly filled: number
}

/** Underscore: no collection can be named so. */
export const CATALOG = 'mesh_collections'

const NAME = /^[a-z][a-z0-9-]*$/
const PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

/** @throws TypeError for a name or path that can't be one. */
export const checkDeclaration = ({ name, indexes }: Collection): void => {
  if (!NAME.test(name)) throw new TypeError(`'${name}' can't be the name of a collection.`)
  const bad = Object.values(indexes).find((path) => !PATH.test(path))
  if (bad !== undefined) throw new TypeError(`'${bad}' can't be the path of an index.`)
}

/** Knows the collections of the database; other processes may declare at any time. */
export type Catalog = {
  /** Brings the database's record up to a declaration. @throws what the driver throws */
  extend(collection: Collection): Promise<CollectionRecord>
  /** The record, as this process saw it last. @throws TypeError when nobody ever declared the collection */
  known(name: string): Promise<CollectionRecord>
  /** The record, if this process saw it no longer than the age limit ago. */
  fresh(name: string): CollectionRecord | undefined
  /** The record, as it is now. @throws TypeError */
  load(name: string): Promise<CollectionRecord>
  /** Path of an index by name. @throws TypeError for an index that nobody declared */
  pathOf(name: string, index: string): Promise<string>
  /** Every document has the first `count` paths. */
  markFilled(name: string, count: number): Promise<void>
}

const extended = (record: CollectionRecord, { indexes }: Collection): CollectionRecord => {
  const names = Object.entries(indexes)
  const renamed = new Map([...record.names, ...names])
  return {
    ...record,
    v: record.v + 1,
    names: [...renamed],
    paths: [...new Set([...record.paths, ...names.map(([, path]) => path)])],
  }
}

const differs = (a: CollectionRecord, b: CollectionRecord): boolean =>
  JSON.stringify([a.names, a.paths]) !== JSON.stringify([b.names, b.paths])

/**
 * Makes the catalog of a database.
 *
 * @param maxAgeMs - how old a record may be that a write relies on: a writer that has not heard of a new index for
 *   this long asks before it writes. What declares an index counts on it.
 */
export const createCatalog = (records: Documents<CollectionRecord>, maxAgeMs: number): Catalog => {
  const cache = new Map<string, { readonly record: CollectionRecord; readonly at: number }>()
  const loading = new Map<string, Promise<CollectionRecord>>()
  /** Index names as this process declared them: another release may mean another path by the same name. */
  const own = new Map<string, Collection['indexes']>()

  /** Keeps the newest, and gives it: answers may come in another order than they were asked for. */
  const remember = (record: CollectionRecord, at: number): CollectionRecord => {
    const held = cache.get(record._id)
    if (held !== undefined && (held.record.v > record.v || (held.record.v === record.v && held.at >= at)))
      return held.record
    cache.set(record._id, { record, at })
    return record
  }

  const read = async (name: string): Promise<CollectionRecord> => {
    // The age counts from when it was asked for.
    const at = performance.now()
    const record = await records.findOne({ _id: name })
    if (record === null) throw new TypeError(`Collection '${name}' was never declared.`)
    return remember(record, at)
  }

  /** One question at a time, however many ask. */
  const load = (name: string): Promise<CollectionRecord> => {
    const running = loading.get(name)
    if (running !== undefined) return running
    const fresh = read(name).finally(() => loading.delete(name))
    loading.set(name, fresh)
    return fresh
  }

  const known = async (name: string) => cache.get(name)?.record ?? load(name)

  /** Undefined when somebody else was faster. */
  const write = async (before: CollectionRecord | null, collection: Collection, at: number) => {
    const next = extended(
      before ?? { _id: collection.name, v: 0, names: [], paths: [], filled: 0 },
      collection,
    )
    if (before !== null) {
      if (!differs(before, next)) return remember(before, at)
      const { matchedCount } = await records.replaceOne({ _id: before._id, v: before.v }, next)
      return matchedCount === 1 ? remember(next, at) : undefined
    }
    try {
      // Nobody writes into a collection without its record: there is nothing to fill yet.
      const first = { ...next, filled: next.paths.length }
      await records.insertOne(first)
      return remember(first, at)
    } catch (thrown) {
      if (isDuplicate(thrown)) return undefined
      throw thrown
    }
  }

  return {
    extend: async (collection) => {
      for (;;) {
        const at = performance.now()
        const before = await records.findOne({ _id: collection.name })
        const written = await write(before, collection, at)
        if (written === undefined) continue
        own.set(collection.name, { ...own.get(collection.name), ...collection.indexes })
        return written
      }
    },
    known,
    fresh: (name) => {
      const entry = cache.get(name)
      return entry !== undefined && performance.now() - entry.at < maxAgeMs ? entry.record : undefined
    },
    load,
    pathOf: async (name, index) => {
      const named = ({ names }: CollectionRecord) => new Map(names).get(index)
      const mine = own.get(name)
      if (mine !== undefined && Object.hasOwn(mine, index)) return mine[index] as string
      const path = named(await known(name)) ?? named(await load(name))
      if (path === undefined) throw new TypeError(`Collection '${name}' has no index '${index}'.`)
      return path
    },
    markFilled: async (name, count) => {
      await records.updateOne({ _id: name }, { $max: { filled: count } })
    },
  }
}
