import type { Behaviour } from '../check.ts'
import { same } from '../evidence.ts'
import { create, createAll, finds, type StoreBench } from './bench.ts'

/** An index follows its documents, and declarations can be made again. */
export const indexes: Behaviour<StoreBench> = {
  behaviour: 'keeps indexes true',
  checks: [
    {
      name: 'follows a value that changes, vanishes, comes back, and goes with its document',
      async run({ store, collection }) {
        const waiting = await collection({ due: 'due', state: 'state' })
        let version = await create(store, waiting, 'a', { due: 1, state: 'open' })
        const put = async (body: object) => {
          version = (await store.put(waiting, 'a', body, version)) ?? -1
        }
        await put({ due: 5, state: 'open' })
        await finds(store, waiting, { index: 'due', to: 1 }, [], 'the old value')
        await finds(store, waiting, { index: 'due', from: 5, to: 5 }, ['a'], 'the new value')
        await finds(store, waiting, { index: 'state', from: 'open' }, ['a'], 'the other index')
        await put({ state: 'done' })
        await finds(store, waiting, { index: 'due' }, [], 'a value that vanished')
        await finds(store, waiting, { index: 'state' }, ['a'], 'the other index')
        await put({ due: 7 })
        await finds(store, waiting, { index: 'due' }, ['a'], 'a value that came back')
        await store.put(waiting, 'a', { due: 9 }, version + 1)
        await finds(store, waiting, { index: 'due', from: 9 }, [], 'the value of a write that lost')
        same(await store.remove(waiting, 'a', version), true, 'remove()')
        await finds(store, waiting, { index: 'due' }, [], 'a document that went')
      },
    },
    {
      name: 'keeps collections apart',
      async run({ store, collection }) {
        const [first, second] = [await collection({ n: 'n' }), await collection({ n: 'm' })]
        await createAll(store, first, { a: { n: 1 }, b: { n: 2 } })
        await createAll(store, second, { a: { n: 1, m: 7 }, c: { n: 3 } })
        await finds(store, first, { index: 'n' }, ['a', 'b'], 'the first')
        await finds(store, second, { index: 'n' }, ['a'], 'the second')
        await finds(store, second, {}, ['a', 'c'], 'all of the second')
      },
    },
    {
      name: 'fills an index that is declared later, by the same rule',
      async run({ store, collection }) {
        const name = await collection({ n: 'n' })
        await createAll(store, name, {
          a: { n: 1, due: 30, at: { city: 'Bern' } },
          b: { n: 2, due: 10 },
          yes: { due: true },
          list: { due: [5] },
          object: { due: { at: 5 } },
          null: { due: null, at: { city: null } },
        })
        await store.declare({ name, indexes: { n: 'n', due: 'due', city: 'at.city' } })
        await finds(store, name, { index: 'due' }, ['b', 'a'], 'the new index')
        await finds(store, name, { index: 'due', from: 20 }, ['a'], 'the new index within bounds')
        await finds(store, name, { index: 'city' }, ['a'], 'the nested index')
        await finds(store, name, { index: 'n' }, ['a', 'b'], 'the old index')
        await createAll(store, name, { c: { n: 3, due: 20 } })
        await finds(store, name, { index: 'due' }, ['b', 'c', 'a'], 'the new index after a write')
      },
    },
    {
      name: 'takes the same declaration again, and from several at once',
      async run({ store, collection }) {
        const name = await collection({ n: 'n' })
        await createAll(store, name, { a: { n: 1, m: 1 } })
        const more = { name, indexes: { n: 'n', m: 'm' } }
        await Promise.all([
          store.declare(more),
          store.declare(more),
          store.declare({ name, indexes: { n: 'n' } }),
        ])
        const fresh = { name: `${name}-fresh`, indexes: { n: 'n' } }
        await Promise.all([store.declare(fresh), store.declare(fresh), store.declare(fresh)])
        await store.declare(more)
        for (const collectionName of [name, fresh.name]) {
          await createAll(store, collectionName, { b: { n: 2, m: 2 } })
        }
        await finds(store, name, { index: 'n' }, ['a', 'b'], 'the old index')
        await finds(store, name, { index: 'm' }, ['a', 'b'], 'the new index')
        await finds(store, fresh.name, { index: 'n' }, ['b'], 'the fresh collection')
      },
    },
  ],
}
