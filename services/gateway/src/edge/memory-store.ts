import { MeshError, type Query, type Store, type Stored } from '@commerce-mesh/mesh'

/** A store for tests: documents in memory, and a switch that makes it fail. */
export type MemoryStore = Store & { failing: boolean; readonly writes: string[] }

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      body,
    )

/** Makes an empty store. `writes` lists every collection that was written to. */
export const createMemoryStore = (): MemoryStore => {
  const documents = new Map<string, Stored>()
  const paths = new Map<string, string>()
  const store: MemoryStore = {
    failing: false,
    writes: [],
    declare: async ({ name, indexes }) => {
      for (const [index, path] of Object.entries(indexes)) paths.set(`${name}/${index}`, path)
    },
    get: async <B>(collection: string, id: string) => {
      demandWell()
      return documents.get(`${collection}/${id}`) as Stored<B> | undefined
    },
    put: async (collection, id, body, expected) => {
      demandWell()
      const place = `${collection}/${id}`
      if ((documents.get(place)?.version ?? 0) !== expected) return undefined
      store.writes.push(collection)
      documents.set(place, { id, version: expected + 1, body: structuredClone(body) })
      return expected + 1
    },
    remove: async (collection, id, expected) => {
      demandWell()
      return documents.get(`${collection}/${id}`)?.version === expected
        ? documents.delete(`${collection}/${id}`)
        : false
    },
    find: async <B>(collection: string, { index, from, to, limit }: Query) => {
      demandWell()
      const path = paths.get(`${collection}/${index}`) ?? ''
      const found = [...documents]
        .filter(([place]) => place.startsWith(`${collection}/`))
        .map(([, document]) => document as Stored<B>)
        .filter((document) => {
          const value = index === undefined ? document.id : (valueAt(document.body, path) as string | number)
          return (from === undefined || value >= from) && (to === undefined || value <= to)
        })
      return { documents: found.slice(0, limit) }
    },
    count: async (collection, query) =>
      (await store.find(collection, { ...query, limit: 1_000 })).documents.length,
    close: async () => {},
  }
  const demandWell = () => {
    if (store.failing) throw new MeshError('MESH_STORE_UNAVAILABLE', 'the disk is full')
  }
  return store
}
