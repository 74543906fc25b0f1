import type { Store } from '@commerce-mesh/mesh'
import { turns } from '../eventually.ts'
import { writing, type StoreMutant } from './store-mutant.ts'

const versionOf = async (store: Store, collection: string, id: string) =>
  (await store.get(collection, id))?.version ?? 0

/** Changes ids on their way in. */
const renaming = (store: Store, change: (id: string) => string): Store => ({
  ...store,
  get: (collection, id) => store.get(collection, change(id)),
  put: (collection, id, body, expected) => store.put(collection, change(id), body, expected),
  remove: (collection, id, expected) => store.remove(collection, change(id), expected),
})

/** Mutants of compare and set, of bodies and of durability. */
export const WRITE_MUTANTS: readonly StoreMutant[] = [
  {
    name: 'ignores the version that a write expects',
    breaks: (store) => ({
      ...store,
      put: async (collection, id, body, expected) => {
        if (expected === 0) return store.put(collection, id, body, 0)
        for (;;) {
          const version = await store.put(collection, id, body, await versionOf(store, collection, id))
          if (version !== undefined) return version
        }
      },
    }),
    caughtBy: ['writes over the expected', 'loses none', 'over random histories'],
  },
  {
    name: 'creates over what is there',
    breaks: (store) => ({
      ...store,
      put: async (collection, id, body, expected) =>
        store.put(collection, id, body, expected === 0 ? await versionOf(store, collection, id) : expected),
    }),
    caughtBy: ['creates a document once', 'keeps documents, versions', 'over random histories'],
  },
  {
    name: 'looks first and writes later',
    breaks: (store) => ({
      ...store,
      put: async (collection, id, body, expected) => {
        if ((await versionOf(store, collection, id)) !== expected) return undefined
        await turns(1)
        return store.put(collection, id, body, await versionOf(store, collection, id))
      },
    }),
    caughtBy: ['creates a document once', 'loses none', 'lets one win'],
  },
  {
    name: 'makes a document of an update',
    breaks: (store) => ({
      ...store,
      put: async (collection, id, body, expected) =>
        (await store.get(collection, id)) === undefined
          ? store.put(collection, id, body, 0)
          : store.put(collection, id, body, expected),
    }),
    caughtBy: ['writes over the expected', 'removes the expected'],
  },
  {
    name: 'ignores the version that a remove expects',
    breaks: (store) => ({
      ...store,
      remove: async (collection, id) => store.remove(collection, id, await versionOf(store, collection, id)),
    }),
    caughtBy: ['removes the expected', 'over random histories'],
  },
  {
    name: 'keeps one namespace for all collections',
    breaks: (store) => ({
      ...store,
      declare: ({ indexes }) => store.declare({ name: 'all', indexes }),
      get: (_, ...asked) => store.get('all', ...asked),
      put: (_, ...asked) => store.put('all', ...asked),
      remove: (_, ...asked) => store.remove('all', ...asked),
      find: (_, query) => store.find('all', query),
      count: (_, query) => store.count('all', query),
    }),
    caughtBy: ['answers undefined', 'keeps collections apart'],
  },
  {
    name: 'takes dots in names for paths',
    breaks: (store) => writing(store, (text) => text.replaceAll('a.b', 'a')),
    caughtBy: ['keeps any JSON'],
  },
  {
    name: 'composes accents',
    breaks: (store) => writing(store, (text) => text.normalize('NFC')),
    caughtBy: ['keeps any JSON'],
  },
  {
    name: 'takes ids without case',
    breaks: (store) => renaming(store, (id) => id.toLowerCase()),
    caughtBy: ['tells ids apart'],
  },
  {
    name: 'takes ids that are numbers for numbers',
    breaks: (store) => renaming(store, (id) => (/^\d+$/.test(id) ? String(Number(id)) : id)),
    caughtBy: ['tells ids apart'],
  },
  {
    name: 'refuses documents above 64 KiB',
    breaks: (store) => writing(store, (text) => (text.length > 65_536 ? '{}' : text)),
    caughtBy: ['keeps a document of 1 MiB'],
  },
  {
    name: 'hands out its own objects',
    breaks: (store) => {
      const bodies = new Map<string, unknown>()
      return {
        ...store,
        put: (collection, id, body, expected) => {
          bodies.set(id, body)
          return store.put(collection, id, body, expected)
        },
        get: async <B>(collection: string, id: string) => {
          const found = await store.get<B>(collection, id)
          return found && { ...found, body: bodies.get(id) as B }
        },
      }
    },
    caughtBy: ['shares no object'],
  },
  {
    name: 'answers a write before it is kept, and forgets it when it is closed',
    breaks: (store) => {
      let closed = false
      return {
        ...store,
        put: async (collection, id, body, expected) => {
          setImmediate(() => {
            if (!closed) void store.put(collection, id, body, expected)
          })
          return expected + 1
        },
        close: () => {
          closed = true
          return store.close()
        },
      }
    },
    caughtBy: ['sees at once', 'answers a write only'],
  },
  {
    name: 'loses writes when many come at once',
    breaks: (store) => {
      let running = 0
      return {
        ...store,
        put: async (...asked) => {
          running += 1
          await turns(1)
          const answer = running > 100 ? undefined : await store.put(...asked)
          running -= 1
          return answer
        },
      }
    },
    caughtBy: ['takes 500 writes'],
  },
  {
    name: 'forgets everything at a restart',
    forgets: true,
    breaks: (store) => store,
    caughtBy: ['keeps documents, versions', 'answers a write only'],
  },
  {
    name: 'works on when it is closed',
    breaks: (store) => ({ ...store, close: async () => {} }),
    caughtBy: ['refuses everything'],
  },
]
