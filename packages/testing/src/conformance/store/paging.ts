import type { Query, Store, Stored } from '@commerce-mesh/mesh'
import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { create, createAll, walk, type StoreBench } from './bench.ts'

const numbered = (count: number, body: (at: number) => object) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`doc-${String(at).padStart(3, '0')}`, { ...body(at) }]),
  )

const idsIn = (documents: readonly Stored[]) => documents.map(({ id }) => id)

/** Walks while documents come before, at and behind the place where the walk is. */
const walkWhileAdding = async (
  store: Store,
  collection: string,
  query: Query,
  bodyNear: (page: readonly Stored<{ rank: number }>[]) => { rank: number }[],
) => {
  let added = 0
  const between = async (page: readonly Stored<{ rank: number }>[]) => {
    if (added >= 60) return
    for (const body of bodyNear(page)) {
      // Ids on both sides of any `doc-…`.
      await create(store, collection, `a-${added++}`, body)
      await create(store, collection, `z-${added++}`, body)
    }
  }
  return idsIn(await walk<{ rank: number }>(store, collection, query, between))
}

/** Fails unless the walk has every old document once, and no document twice. */
const complete = (walked: readonly string[], old: readonly string[], what: string): void => {
  same(walked.length, new Set(walked).size, `${what}: no document twice`)
  const seen = new Set(walked)
  same(
    old.filter((id) => !seen.has(id)),
    [],
    `${what}: documents left out`,
  )
}

/** Pages are one walk: `next` continues where the page ended, whatever happened in between. */
export const paging: Behaviour<StoreBench> = {
  behaviour: 'pages without gaps or doubles',
  checks: [
    {
      name: 'through an index, through ties, and within bounds',
      async run({ store, collection }) {
        const orders = await collection({ rank: 'rank', name: 'name' })
        const documents = numbered(50, (at) => ({ rank: Math.floor(at / 10) - 2, name: `n${at % 3}` }))
        await createAll(store, orders, documents)
        const ids = Object.keys(documents)
        const byName = ids.toSorted(
          (a, b) => (Number(a.slice(4)) % 3) - (Number(b.slice(4)) % 3) || (a < b ? -1 : 1),
        )
        for (const limit of [1, 3, 7, 10, 50, 1_000]) {
          const what = `pages of ${limit}`
          same(idsIn(await walk(store, orders, { index: 'rank', limit })), ids, `${what} by number`)
          same(idsIn(await walk(store, orders, { index: 'name', limit })), byName, `${what} by string`)
          const bounds = { index: 'rank', from: -1, to: 1 }
          same(
            idsIn(await walk(store, orders, { ...bounds, limit })),
            ids.slice(10, 40),
            `${what} within bounds`,
          )
        }
        const first = await store.find(orders, { index: 'rank', limit: 7 })
        same(idsIn(first.documents), ids.slice(0, 7), 'the first page is full')
        ensure(first.next !== undefined, 'there is a next page')
        same(
          (await store.find(orders, { index: 'rank', limit: 51 })).next,
          undefined,
          'the last page has no next',
        )
      },
    },
    {
      name: 'through all ids',
      async run({ store, collection }) {
        const orders = await collection()
        const ids = [
          '',
          ' ',
          '10',
          '9',
          'B',
          'a',
          `a'b`,
          'a"b',
          'a.b',
          'é',
          '学',
          '\uff5e',
          '\u{1f600}',
        ].slice(1)
        const byBytes = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        await createAll(store, orders, Object.fromEntries(ids.map((id) => [id, { id }])))
        for (const limit of [1, 2, 5, 100]) {
          same(idsIn(await walk(store, orders, { limit })), byBytes, `pages of ${limit}`)
        }
        const within = byBytes.filter((id) => id >= 'B' && id <= 'é')
        same(idsIn(await walk(store, orders, { from: 'B', to: 'é', limit: 2 })), within, 'within bounds')
      },
    },
    {
      name: 'while documents are added',
      async run({ store, collection }) {
        const orders = await collection({ rank: 'rank' })
        const documents = numbered(40, (at) => ({ rank: Math.floor(at / 8) }))
        await createAll(store, orders, documents)
        const old = Object.keys(documents)
        const near = (page: readonly Stored<{ rank: number }>[]) => {
          const rank = page.at(-1)?.body.rank ?? 0
          return [{ rank: rank - 1 }, { rank }, { rank: rank + 1 }]
        }
        complete(await walkWhileAdding(store, orders, { index: 'rank', limit: 3 }, near), old, 'by an index')
        const others = await collection()
        await createAll(store, others, documents)
        complete(await walkWhileAdding(store, others, { limit: 3 }, () => [{ rank: 0 }]), old, 'by id')
      },
    },
    {
      name: 'while documents are removed, the last of the page among them',
      async run({ store, collection }) {
        const orders = await collection({ rank: 'rank' })
        for (const query of [{ index: 'rank', limit: 4 }, { limit: 4 }]) {
          const documents = numbered(40, (at) => ({ rank: Math.floor(at / 8) }))
          await createAll(store, orders, documents)
          const walked = await walk(store, orders, query, async (page) => {
            for (const { id, version } of page)
              same(await store.remove(orders, id, version), true, 'remove()')
          })
          complete(idsIn(walked), Object.keys(documents), query.index ?? 'by id')
          for (const { id, version } of await walk(store, orders, { limit: 100 }))
            await store.remove(orders, id, version)
        }
      },
    },
    {
      name: 'of up to 1,000 documents',
      async run({ store, collection }) {
        const orders = await collection({ rank: 'rank' })
        const documents = Object.entries(numbered(1_100, (at) => ({ rank: at })))
        await Promise.all(documents.map(([id, body]) => store.put(orders, id, body, 0)))
        const first = await store.find(orders, { index: 'rank', limit: 1_000 })
        same(first.documents.length, 1_000, 'the first page')
        const second = await store.find(orders, { index: 'rank', limit: 1_000, after: first.next ?? '' })
        same(second.documents.length, 100, 'the second page')
        same(await store.count(orders, { index: 'rank', from: 50 }), 1_050, 'count() has no limit')
      },
    },
  ],
}
