import type { Behaviour } from '../check.ts'
import { rejectsWithMeshError, same } from '../evidence.ts'
import { create, createAll, finds, walk, type StoreBench } from './bench.ts'

/** What was answered is there, until the store is closed and after. */
export const durability: Behaviour<StoreBench> = {
  behaviour: 'keeps what it has answered',
  checks: [
    {
      name: 'takes 500 writes at once',
      async run({ store, collection, soon }) {
        const orders = await collection({ n: 'n' })
        const numbers = Array.from({ length: 500 }, (_, n) => n)
        const answers = await soon(
          Promise.all(numbers.map((n) => store.put(orders, `order-${n}`, { n }, 0))),
          '500 writes',
        )
        same(answers.filter((version) => version === undefined).length, 0, 'writes that lost')
        const found = await walk<{ n: number }>(store, orders, { index: 'n', limit: 100 })
        same(
          found.map(({ body }) => body.n),
          numbers,
          'all documents',
        )
      },
    },
    {
      name: 'keeps documents, versions and indexes over a restart',
      needs: 'reopen',
      async run(bench) {
        const orders = await bench.collection({ due: 'due' })
        const documents = { a: { due: 3 }, b: { due: 1 }, c: { due: 2 }, é: { text: '学😀' } }
        const first = await createAll(bench.store, orders, documents)
        const second = await bench.store.put(orders, 'a', { due: 0 }, first.get('a') ?? 0)
        same(await bench.store.remove(orders, 'c', first.get('c') ?? 0), true, 'remove()')
        await bench.reopen()
        same(
          await bench.store.get(orders, 'a'),
          { id: 'a', version: second, body: { due: 0 } },
          'an updated document',
        )
        same(await bench.store.get(orders, 'c'), undefined, 'a removed document')
        same((await bench.store.get(orders, 'é'))?.body, { text: '学😀' }, 'a document beyond ASCII')
        await finds(bench.store, orders, { index: 'due' }, ['a', 'b'], 'the index')
        same(
          await bench.store.put(orders, 'a', {}, first.get('a') ?? 0),
          undefined,
          'a write over the old version',
        )
        same(await bench.store.put(orders, 'b', {}, 0), undefined, 'a second creation')
        await create(bench.store, orders, 'c', { due: 9 })
        await finds(bench.store, orders, { index: 'due' }, ['a', 'b', 'c'], 'the index after a write')
      },
    },
    {
      name: 'answers a write only when it will outlive a close',
      needs: 'reopen',
      async run(bench) {
        const orders = await bench.collection()
        const { store } = bench
        const answers = Promise.allSettled(
          Array.from({ length: 100 }, async (_, at) => {
            await store.put(orders, `order-${at}`, { at }, 0)
            return `order-${at}`
          }),
        )
        await bench.reopen()
        const accepted = (await bench.soon(answers, 'every write that a close met')).flatMap((answer) =>
          answer.status === 'fulfilled' ? [answer.value] : [],
        )
        const kept = new Set((await walk(bench.store, orders, { limit: 1_000 })).map(({ id }) => id))
        same(
          accepted.filter((id) => !kept.has(id)),
          [],
          'accepted documents that are gone',
        )
      },
    },
    {
      name: 'refuses everything once it is closed, and closes twice without harm',
      async run({ store, collection, soon }) {
        const orders = await collection()
        const version = await create(store, orders, 'a', {})
        await soon(store.close(), 'close()')
        await soon(store.close(), 'the second close()')
        const code = 'MESH_STORE_UNAVAILABLE'
        await rejectsWithMeshError(store.put(orders, 'b', {}, 0), 'put() after close()', code)
        await rejectsWithMeshError(store.remove(orders, 'a', version), 'remove() after close()', code)
        await rejectsWithMeshError(store.get(orders, 'a'), 'get() after close()', code)
        await rejectsWithMeshError(store.find(orders, { limit: 1 }), 'find() after close()', code)
        await rejectsWithMeshError(store.count(orders, {}), 'count() after close()', code)
        await rejectsWithMeshError(
          store.declare({ name: orders, indexes: {} }),
          'declare() after close()',
          code,
        )
      },
    },
  ],
}
