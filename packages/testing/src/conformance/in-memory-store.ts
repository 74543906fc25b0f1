import { MeshError, type Collection, type Query, type Store, type Stored } from '@commerce-mesh/mesh'

type Value = string | number
type Document = { readonly version: number; readonly json: string }
type Entry = { readonly id: string; readonly value: Value; readonly document: Document }

/** What in-memory stores share. */
export class InMemoryDocuments {
  readonly collections = new Map<
    string,
    { indexes: Collection['indexes']; documents: Map<string, Document> }
  >()
}

/** Numbers before strings; strings by code point. */
const compare = (a: Value, b: Value): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return typeof a === 'number' ? -1 : 1
}

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (part, name) =>
        typeof part === 'object' && part !== null && !Array.isArray(part)
          ? (part as Record<string, unknown>)[name]
          : undefined,
      body,
    )

const stored = <B>({ id, document: { version, json } }: Entry): Stored<B> => ({
  id,
  version,
  body: JSON.parse(json) as B,
})

/**
 * A store in memory, for tests of plugins and services: it keeps every promise of the port except durability, and
 * passes the conformance suite. Nothing outlives the documents it is given.
 *
 * @param kept - documents and declarations; give them to a second store to play a restart.
 */
export const inMemoryStore = (kept: InMemoryDocuments = new InMemoryDocuments()): Store => {
  let closed = false

  const collectionOf = (name: string) => {
    if (closed) throw new MeshError('MESH_STORE_UNAVAILABLE', 'The in-memory store is closed.')
    const collection = kept.collections.get(name)
    if (collection === undefined) throw new TypeError(`The collection ‘${name}’ is not declared.`)
    return collection
  }

  const entries = (name: string, { index, from, to }: Omit<Query, 'limit'>): Entry[] => {
    const { indexes, documents } = collectionOf(name)
    const path = index === undefined ? undefined : indexes[index]
    if (index !== undefined && path === undefined)
      throw new TypeError(`The index ‘${index}’ is not declared.`)
    return [...documents]
      .flatMap(([id, document]): Entry[] => {
        const value = path === undefined ? id : valueAt(JSON.parse(document.json), path)
        return typeof value === 'string' || typeof value === 'number' ? [{ id, value, document }] : []
      })
      .filter(({ value }) => from === undefined || compare(value, from) >= 0)
      .filter(({ value }) => to === undefined || compare(value, to) <= 0)
      .toSorted((a, b) => compare(a.value, b.value) || compare(a.id, b.id))
  }

  return {
    async declare({ name, indexes }) {
      if (closed) collectionOf(name)
      const known = kept.collections.get(name)
      kept.collections.set(name, {
        indexes: { ...known?.indexes, ...indexes },
        documents: known?.documents ?? new Map(),
      })
    },
    async get<B>(name: string, id: string) {
      const document = collectionOf(name).documents.get(id)
      return document && stored<B>({ id, value: id, document })
    },
    async put(name, id, body, expected) {
      const { documents } = collectionOf(name)
      if ((documents.get(id)?.version ?? 0) !== expected) return undefined
      documents.set(id, { version: expected + 1, json: JSON.stringify(body) })
      return expected + 1
    },
    async remove(name, id, expected) {
      const { documents } = collectionOf(name)
      return documents.get(id)?.version === expected && documents.delete(id)
    },
    async find<B>(name: string, query: Query) {
      const [value, id] = query.after === undefined ? [] : (JSON.parse(query.after) as [Value, string])
      const rest = entries(name, query).filter(
        (entry) =>
          value === undefined ||
          id === undefined ||
          (compare(entry.value, value) || compare(entry.id, id)) > 0,
      )
      const page = rest.slice(0, query.limit)
      const last = page.at(-1)
      const more = last !== undefined && rest.length > page.length
      return {
        documents: page.map((entry) => stored<B>(entry)),
        ...(more && { next: JSON.stringify([last.value, last.id]) }),
      }
    },
    async count(name, query) {
      return entries(name, query).length
    },
    async close() {
      closed = true
    },
  }
}
