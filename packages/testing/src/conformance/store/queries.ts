import type { Behaviour } from '../check.ts'
import { same } from '../evidence.ts'
import { createAll, finds, type StoreBench } from './bench.ts'

/** Documents are found in the order of an index, within bounds. */
export const queries: Behaviour<StoreBench> = {
  behaviour: 'finds documents by an index',
  checks: [
    {
      name: 'of numbers, in their order, bounds included',
      async run({ store, collection }) {
        const waiting = await collection({ due: 'due' })
        await createAll(store, waiting, {
          ten: { due: 10 },
          two: { due: 2 },
          minus: { due: -3 },
          zero: { due: 0 },
          half: { due: 0.5 },
          late: { due: 1_760_000_000_123 },
          hundred: { due: 100 },
        })
        const all = ['minus', 'zero', 'half', 'two', 'ten', 'hundred', 'late']
        const due = { index: 'due' }
        await finds(store, waiting, due, all, 'everything')
        await finds(store, waiting, { ...due, from: 2 }, all.slice(3), 'from, inclusive')
        await finds(store, waiting, { ...due, to: 2 }, all.slice(0, 4), 'to, inclusive')
        await finds(store, waiting, { ...due, from: 0, to: 10 }, all.slice(1, 5), 'from and to')
        await finds(store, waiting, { ...due, from: 10, to: 10 }, ['ten'], 'one value')
        await finds(store, waiting, { ...due, from: 0.1, to: 0.9 }, ['half'], 'fractions')
        await finds(store, waiting, { ...due, from: 11, to: 99 }, [], 'nothing in between')
        await finds(store, waiting, { ...due, from: 10, to: 2 }, [], 'bounds the wrong way round')
      },
    },
    {
      name: 'of strings, in the order of their code points, bounds included',
      async run({ store, collection }) {
        const letters = await collection({ by: 'by' })
        // U+FF5E comes before U+1F600 by code point, and after it by UTF-16 unit.
        const values = ['', '10', '9', 'B', 'a', 'a b', 'ab', 'b', 'é', '学', '\uff5e', '\u{1f600}']
        await createAll(
          store,
          letters,
          Object.fromEntries(values.map((by, at) => [`${(at * 7) % 12}-${by}`, { by }])),
        )
        const ids = values.map((by, at) => `${(at * 7) % 12}-${by}`)
        const by = { index: 'by' }
        await finds(store, letters, by, ids, 'everything')
        await finds(store, letters, { ...by, from: 'a', to: 'ab' }, ids.slice(4, 7), 'from and to, inclusive')
        await finds(store, letters, { ...by, from: 'é' }, ids.slice(8), 'from')
        await finds(store, letters, { ...by, to: '9' }, ids.slice(0, 3), 'to')
        await finds(store, letters, { ...by, from: '', to: '' }, ids.slice(0, 1), 'the empty string')
      },
    },
    {
      name: 'by id where a value is the same',
      async run({ store, collection }) {
        const orders = await collection({ state: 'state' })
        const ids = ['10', '2', 'B', 'a', 'b', 'é']
        for (const id of ids.toReversed()) await createAll(store, orders, { [id]: { state: 'open' } })
        await finds(store, orders, { index: 'state', from: 'open', to: 'open' }, ids, 'ties')
      },
    },
    {
      name: 'by id where no index is named',
      async run({ store, collection }) {
        const orders = await collection({ n: 'n' })
        await createAll(store, orders, { c: { n: 1 }, a: {}, é: { n: 3 }, b: { n: 2 }, '10': {}, B: {} })
        await finds(store, orders, {}, ['10', 'B', 'a', 'b', 'c', 'é'], 'everything')
        await finds(store, orders, { from: 'a', to: 'b' }, ['a', 'b'], 'from and to, inclusive')
        await finds(store, orders, { from: 'b' }, ['b', 'c', 'é'], 'from')
        await finds(store, orders, { to: 'B' }, ['10', 'B'], 'to')
      },
    },
    {
      name: 'along a nested path',
      async run({ store, collection }) {
        const orders = await collection({ city: 'learner.address.city', amount: 'total.amount' })
        await createAll(store, orders, {
          a: { learner: { address: { city: 'Bern' } }, total: { amount: 300 } },
          b: { learner: { address: { city: 'Accra' } }, total: { amount: 20 } },
          c: { learner: { address: 'Cairo' }, total: 5 },
          d: { learner: null, city: 'Delhi', amount: 1, 'total.amount': 1 },
          e: { learner: [{ address: { city: 'Essen' } }], total: [{ amount: 2 }] },
        })
        await finds(store, orders, { index: 'city' }, ['b', 'a'], 'by city')
        await finds(store, orders, { index: 'amount' }, ['b', 'a'], 'by amount')
        await finds(store, orders, { index: 'amount', from: 100 }, ['a'], 'by amount, from')
      },
    },
    {
      name: 'without documents that have no string or number there',
      async run({ store, collection }) {
        const orders = await collection({ due: 'due' })
        await createAll(store, orders, {
          none: { other: 1 },
          null: { due: null },
          yes: { due: true },
          no: { due: false },
          object: { due: { at: 1 } },
          list: { due: [1, 2] },
          nought: { due: 0 },
        })
        await finds(store, orders, { index: 'due' }, ['nought'], 'the index')
        await finds(store, orders, { index: 'due', from: -1, to: 5 }, ['nought'], 'the index within bounds')
        same(await store.count(orders, {}), 7, 'all documents')
      },
    },
  ],
}
