import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { create, type StoreBench } from './bench.ts'

const fifty = Array.from({ length: 50 }, (_, at) => at)

/** Compare and set: nobody's write is lost without the other knowing. */
export const versions: Behaviour<StoreBench> = {
  behaviour: 'compares and sets',
  checks: [
    {
      name: 'creates a document once',
      async run({ store, collection }) {
        const orders = await collection()
        const version = await create(store, orders, 'a', { by: 'first' })
        same(await store.put(orders, 'a', { by: 'second' }, 0), undefined, 'a second creation')
        same(await store.get(orders, 'a'), { id: 'a', version, body: { by: 'first' } }, 'the document')
        const answers = await Promise.all(fifty.map((by) => store.put(orders, 'race', { by }, 0)))
        const winners = fifty.filter((at) => answers[at] !== undefined)
        same(winners.length, 1, 'winners of 50 creations at once')
        same((await store.get(orders, 'race'))?.body, { by: winners[0] }, 'the winner’s document')
      },
    },
    {
      name: 'writes over the expected version only',
      async run({ store, collection }) {
        const orders = await collection()
        const first = await create(store, orders, 'a', { n: 1 })
        const second = await store.put(orders, 'a', { n: 2 }, first)
        ensure(second !== undefined && second > first, `version ${second} after ${first}`)
        for (const wrong of [first, 0, second + 1, second + 100]) {
          same(await store.put(orders, 'a', { n: 'wrong' }, wrong), undefined, `put over version ${wrong}`)
        }
        same(await store.get(orders, 'a'), { id: 'a', version: second, body: { n: 2 } }, 'the document')
        same(
          await store.put(orders, 'missing', { n: 1 }, 1),
          undefined,
          'put over a document that is not there',
        )
        same(await store.get(orders, 'missing'), undefined, 'no document comes of it')
      },
    },
    {
      name: 'loses none of 50 increments at once',
      async run({ store, collection }) {
        const counters = await collection()
        await create(store, counters, 'n', { count: 0 })
        const increment = async () => {
          for (;;) {
            const known = await store.get<{ count: number }>(counters, 'n')
            if (known === undefined) throw new Error('The document vanished.')
            const body = { count: known.body.count + 1 }
            if ((await store.put(counters, 'n', body, known.version)) !== undefined) return
          }
        }
        await Promise.all(fifty.map(increment))
        same((await store.get(counters, 'n'))?.body, { count: 50 }, 'the counter')
      },
    },
    {
      name: 'removes the expected version only',
      async run({ store, collection }) {
        const orders = await collection()
        const first = await create(store, orders, 'a', { n: 1 })
        const second = (await store.put(orders, 'a', { n: 2 }, first)) ?? 0
        for (const wrong of [first, 0, second + 1]) {
          same(await store.remove(orders, 'a', wrong), false, `remove of version ${wrong}`)
        }
        same((await store.get(orders, 'a'))?.body, { n: 2 }, 'the document')
        same(await store.remove(orders, 'a', second), true, 'remove of the right version')
        same(await store.get(orders, 'a'), undefined, 'the removed document')
        same(await store.remove(orders, 'a', second), false, 'a second remove')
        same(await store.remove(orders, 'never', 0), false, 'remove of what never was')
        same(await store.put(orders, 'a', { n: 3 }, second), undefined, 'an update of the removed document')
        await create(store, orders, 'a', { n: 4 })
        same((await store.get(orders, 'a'))?.body, { n: 4 }, 'the document made again')
      },
    },
    {
      name: 'lets one win when updates and a remove meet',
      async run({ store, collection }) {
        const orders = await collection()
        for (let round = 0; round < 10; round++) {
          const id = `order-${round}`
          const version = await create(store, orders, id, { n: 0 })
          const outcomes = await Promise.all([
            store.put(orders, id, { n: 1 }, version),
            store.remove(orders, id, version),
            store.put(orders, id, { n: 2 }, version),
          ])
          const [one, removed, two] = outcomes
          const winners = [one !== undefined, removed, two !== undefined].filter(Boolean)
          same(winners.length, 1, 'winners')
          const body = removed ? undefined : { n: one !== undefined ? 1 : 2 }
          same((await store.get(orders, id))?.body, body, 'what the winner left')
        }
      },
    },
  ],
}
