import type { Query, Store, Stored } from '@commerce-mesh/mesh'
import { turns } from '../eventually.ts'
import { inMemoryStore } from '../in-memory-store.ts'
import { writing, type StoreMutant } from './store-mutant.ts'

type Find = <B>(collection: string, query: Query) => Promise<{ documents: Stored<B>[]; next?: string }>

/** Everything that a query finds, in the sound order. */
const everything = async <B>(store: Store, collection: string, query: Query) => {
  const { after: _after, ...rest } = query
  return (await store.find<B>(collection, { ...rest, limit: 10_000 })).documents
}

/** Cuts pages out of the whole by position. */
const byPosition =
  (whole: <B>(collection: string, query: Query) => Promise<Stored<B>[]>): Find =>
  async <B>(collection: string, query: Query) => {
    const documents = await whole<B>(collection, query)
    const from = Number(query.after ?? 0)
    const to = from + query.limit
    return {
      documents: documents.slice(from, to),
      ...(documents.length > to && { next: String(to) }),
    }
  }

/** Sorts each result anew. */
const sorting = (store: Store, key: (found: Stored, query: Query) => string): Store => ({
  ...store,
  find: byPosition(async <B>(collection: string, query: Query) =>
    (await everything<B>(store, collection, query)).toSorted((a, b) =>
      key(a, query) < key(b, query) ? -1 : key(a, query) > key(b, query) ? 1 : 0,
    ),
  ),
})

const fieldOf = ({ body }: Stored, field: string) => String((body as Record<string, unknown>)[field])

/** Mutants of queries, indexes and pages. */
export const QUERY_MUTANTS: readonly StoreMutant[] = [
  {
    name: 'leaves the upper bound out',
    breaks: (store) => ({
      ...store,
      find: async <B>(collection: string, query: Query) => {
        const found = await store.find<B>(collection, query)
        const { index = 'id', to } = query
        return {
          ...found,
          documents: found.documents.filter((one) => to === undefined || fieldOf(one, index) !== String(to)),
        }
      },
    }),
    caughtBy: ['of numbers', 'of strings', 'over random histories'],
  },
  {
    name: 'sorts numbers as text',
    breaks: (store) => sorting(store, (one, { index }) => (index === 'due' ? fieldOf(one, 'due') : '')),
    caughtBy: ['of numbers'],
  },
  {
    name: 'sorts strings by UTF-16 units',
    breaks: (store) =>
      sorting(store, (one, { index }) => (index === undefined ? one.id : fieldOf(one, index))),
    caughtBy: ['of strings', 'through all ids'],
  },
  {
    name: 'counts without bounds',
    breaks: (store) => ({
      ...store,
      count: (collection, { index }) => store.count(collection, { ...(index !== undefined && { index }) }),
    }),
    caughtBy: ['of numbers', 'by id where no index', 'of up to 1,000'],
  },
  {
    name: 'gives ties by time of writing',
    breaks: (store) => {
      const order: string[] = []
      const place = (id: string) => String(order.indexOf(id)).padStart(6, '0')
      const sorted = sorting(store, ({ id }, { index }) => (index === 'state' ? place(id) : ''))
      return {
        ...sorted,
        put: (collection, id, ...rest) => {
          order.push(id)
          return store.put(collection, id, ...rest)
        },
      }
    },
    caughtBy: ['by id where a value'],
  },
  {
    name: 'ignores bounds of ids',
    breaks: (store) => ({
      ...store,
      find: (collection, { from, to, ...query }) =>
        store.find(collection, {
          ...query,
          ...(query.index !== undefined && from !== undefined && { from }),
          ...(query.index !== undefined && to !== undefined && { to }),
        }),
    }),
    caughtBy: ['by id where no index', 'through all ids'],
  },
  {
    name: 'looks for nested paths at the top',
    breaks: (store) => ({
      ...store,
      declare: ({ name, indexes }) =>
        store.declare({
          name,
          indexes: Object.fromEntries(
            Object.entries(indexes).map(([index, path]) => [index, path.split('.').at(-1) ?? path]),
          ),
        }),
    }),
    caughtBy: ['along a nested path', 'fills an index'],
  },
  {
    name: 'takes true for 1',
    breaks: (store) => writing(store, (text) => text.replaceAll('"due":true', '"due":1')),
    caughtBy: ['without documents', 'fills an index'],
  },
  {
    name: 'takes null for an empty string',
    breaks: (store) => writing(store, (text) => text.replaceAll('"due":null', '"due":""')),
    caughtBy: ['without documents'],
  },
  {
    name: 'indexes a document when it is made, and never again',
    breaks: (store) => {
      const index = inMemoryStore()
      return {
        ...store,
        declare: async (collection) => {
          await index.declare(collection)
          await store.declare(collection)
        },
        put: async (collection, id, body, expected) => {
          if (expected === 0) await index.put(collection, id, body, 0)
          return store.put(collection, id, body, expected)
        },
        find: (collection, query) => (query.index === undefined ? store : index).find(collection, query),
      }
    },
    caughtBy: ['follows a value', 'over random histories'],
  },
  {
    name: 'leaves what is there out of a new index',
    breaks: (store) => {
      const absent = new Map<string, Set<string>>()
      const known = new Map<string, string[]>()
      return {
        ...store,
        declare: async (collection) => {
          await store.declare(collection)
          const { documents } = await store.find(collection.name, { limit: 1_000 })
          const old = known.get(collection.name) ?? []
          for (const index of Object.keys(collection.indexes)) {
            if (!old.includes(index))
              absent.set(`${collection.name}/${index}`, new Set(documents.map(({ id }) => id)))
          }
          known.set(collection.name, Object.keys(collection.indexes))
        },
        find: async <B>(collection: string, query: Query) => {
          const found = await store.find<B>(collection, query)
          const without = absent.get(`${collection}/${query.index}`)
          return { ...found, documents: found.documents.filter(({ id }) => !without?.has(id)) }
        },
      }
    },
    caughtBy: ['fills an index', 'takes the same declaration'],
  },
  {
    name: 'refuses a declaration while another is made',
    breaks: (store) => {
      let declaring = false
      return {
        ...store,
        declare: async (collection) => {
          if (declaring) throw new Error('The table exists.')
          declaring = true
          await turns(1)
          await store.declare(collection)
          declaring = false
        },
      }
    },
    caughtBy: ['takes the same declaration'],
  },
  {
    name: 'pages by position',
    breaks: (store) => ({
      ...store,
      find: byPosition((collection, query) => everything(store, collection, query)),
    }),
    caughtBy: ['while documents are added', 'while documents are removed'],
  },
  {
    name: 'continues behind the value of the last document',
    breaks: (store) => ({
      ...store,
      find: async <B>(collection: string, query: Query) => {
        const { index, after, limit } = query
        const valueOf = (one: Stored) => (index === undefined ? one.id : fieldOf(one, index))
        const whole = await everything<B>(store, collection, query)
        const rest = whole.slice(whole.findLastIndex((one) => valueOf(one) === after) + 1)
        const last = rest[limit - 1]
        return {
          documents: rest.slice(0, limit),
          ...(last !== undefined && rest.length > limit && { next: valueOf(last) }),
        }
      },
    }),
    caughtBy: ['through an index', 'while documents are added', 'over random histories'],
  },
  {
    name: 'ends a walk through ids after two pages',
    breaks: (store) => ({
      ...store,
      find: async <B>(collection: string, query: Query) => {
        const { next, ...found } = await store.find<B>(collection, query)
        const over = query.index === undefined && query.after !== undefined
        return { ...found, ...(next !== undefined && !over && { next }) }
      },
    }),
    caughtBy: ['through all ids'],
  },
  {
    name: 'gives 100 documents at most',
    breaks: (store) => ({
      ...store,
      find: (collection, query) => store.find(collection, { ...query, limit: Math.min(query.limit, 100) }),
    }),
    caughtBy: ['of up to 1,000'],
  },
  {
    name: 'gives one document too many',
    breaks: (store) => ({
      ...store,
      find: (collection, query) => store.find(collection, { ...query, limit: query.limit + 1 }),
    }),
    caughtBy: ['through an index'],
  },
]
