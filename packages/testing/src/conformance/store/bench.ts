import { randomUUID } from 'node:crypto'
import type { Collection, Json, Query, Store, Stored } from '@commerce-mesh/mesh'
import { ensure, same } from '../evidence.ts'
import { within } from '../eventually.ts'
import type { StoreHarness } from './harness.ts'

/** Where a check works: a store, and the means to look at it. */
export type StoreBench = {
  /** The store; another one after {@link StoreBench.reopen}. */
  readonly store: Store
  /** Declares a collection that no other check uses. */
  readonly collection: (indexes?: Collection['indexes']) => Promise<string>
  /** Fails when the promise takes longer than the driver's patience. */
  readonly soon: <T>(promise: Promise<T>, what: string) => Promise<T>
  /** Closes the store, opens the same data again and declares the same collections, as a service does that starts. */
  readonly reopen: () => Promise<void>
  /** Closes what is open and has the harness delete it. */
  readonly cleanup: () => Promise<void>
}

/** Opens a store and lays out the bench around it. */
export const openStoreBench = async (harness: StoreHarness): Promise<StoreBench> => {
  const collections: Collection[] = []
  let store = await harness.open()
  const soon = <T>(promise: Promise<T>, what: string) => within(promise, harness.patienceMs ?? 15_000, what)

  return {
    get store() {
      return store
    },
    async collection(indexes = {}) {
      const collection = { name: `conformance-${randomUUID()}`, indexes }
      collections.push(collection)
      await store.declare(collection)
      return collection.name
    },
    soon,
    async reopen() {
      if (harness.reopen === undefined) throw new TypeError(`The harness '${harness.name}' can't reopen.`)
      await soon(store.close(), 'close()')
      store = await harness.reopen()
      for (const collection of collections) await store.declare(collection)
    },
    async cleanup() {
      try {
        await soon(store.close(), 'close()')
      } finally {
        await harness.cleanup()
      }
    },
  }
}

/** Creates the document; fails when it exists. @returns its version */
export const create = async (store: Store, collection: string, id: string, body: Json): Promise<number> => {
  const version = await store.put(collection, id, body, 0)
  ensure(
    version !== undefined && Number.isSafeInteger(version) && version >= 1,
    `version ${version} of a new document`,
  )
  return version
}

/** Creates documents one after the other. @returns their versions, by id */
export const createAll = async (
  store: Store,
  collection: string,
  documents: Readonly<Record<string, Json>>,
): Promise<ReadonlyMap<string, number>> => {
  const versions = new Map<string, number>()
  for (const [id, body] of Object.entries(documents))
    versions.set(id, await create(store, collection, id, body))
  return versions
}

/** Most pages that a walk may take: a `next` that leads in a circle must end the check, not hang it. */
const MOST_PAGES = 2_000

/**
 * Walks through all pages of a query.
 *
 * @param between - runs after each page, to change what the walk goes through.
 */
export const walk = async <B>(
  store: Store,
  collection: string,
  query: Omit<Query, 'after'>,
  between: (page: readonly Stored<B>[]) => Promise<void> = async () => {},
): Promise<Stored<B>[]> => {
  const found: Stored<B>[] = []
  let after: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await store.find<B>(collection, { ...query, ...(after !== undefined && { after }) })
    ensure(page.documents.length <= query.limit, `${page.documents.length} documents, limit ${query.limit}`)
    found.push(...page.documents)
    after = page.next
    if (after === undefined) return found
    await between(page.documents)
  }
  throw new Error(`The pages of ${JSON.stringify(query)} did not end after ${MOST_PAGES}.`)
}

/** Ids of one page. */
export const idsOf = async (
  store: Store,
  collection: string,
  query: Omit<Query, 'limit'>,
): Promise<string[]> =>
  (await store.find(collection, { ...query, limit: 1_000 })).documents.map(({ id }) => id)

/** Fails unless the query gives exactly these ids in this order, and count() agrees. */
export const finds = async (
  store: Store,
  collection: string,
  query: Omit<Query, 'limit' | 'after'>,
  ids: readonly string[],
  what: string,
): Promise<void> => {
  same(await idsOf(store, collection, query), ids, what)
  same(await store.count(collection, query), ids.length, `${what}: count()`)
}
