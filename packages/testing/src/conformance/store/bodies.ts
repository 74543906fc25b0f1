import type { Json } from '@commerce-mesh/mesh'
import type { Behaviour } from '../check.ts'
import { same } from '../evidence.ts'
import { create, idsOf, type StoreBench } from './bench.ts'

const BODIES: Readonly<Record<string, Json>> = {
  empty: {},
  nested: { a: { b: { c: [1, [2, [{ d: null }]], {}] } }, e: [] },
  scalars: { yes: true, no: false, none: null, text: '', zero: 0, minus: -1, half: 0.5, tiny: 5e-324 },
  large: { most: Number.MAX_SAFE_INTEGER, least: Number.MIN_SAFE_INTEGER, huge: 1.7976931348623157e308 },
  unicode: { größe: 'Zoë – 学习 😀', 学: ['\u{1F600}', 'e\u0301', '\u00e9', '\u2028'] },
  control: { text: 'line\nline\ttab "quoted" \\ \u0000 \u001f end', sql: `'; DROP TABLE x; --` },
  // Maps keyed by course run or SKU: a document database must not take these names for paths or operators.
  names: { 'course-v1:edX+DemoX+2024.1': { 'a.b': 1 }, $set: { $inc: 1 }, 'with space': 1, '0': 'zero' },
}

const IDS = [
  'EDX-100001',
  'a/b?c=d&e#f',
  `it's "quoted"; -- \\`,
  'with space',
  '%',
  '_',
  '$id',
  'a.b',
  'ORDER',
  'order',
  'Zoë – 学习 😀',
  'caf\u00e9',
  'cafe\u0301',
  '42',
  '042',
  'x'.repeat(500),
]

/** What is put is what is got. */
export const bodies: Behaviour<StoreBench> = {
  behaviour: 'keeps documents unharmed',
  checks: [
    {
      name: 'answers undefined for what is not there',
      async run({ store, collection }) {
        const [orders, others] = [await collection(), await collection()]
        await create(store, others, 'a', {})
        same(await store.get(orders, 'a'), undefined, 'a document of another collection')
        same(await store.find(orders, { limit: 10 }), { documents: [] }, 'an empty collection')
        same(await store.count(orders, {}), 0, 'an empty collection: count()')
      },
    },
    {
      name: 'keeps any JSON: nesting, numbers, beyond ASCII, control characters, strange names',
      async run({ store, collection }) {
        const orders = await collection()
        for (const [id, body] of Object.entries(BODIES)) {
          const version = await create(store, orders, id, { before: id })
          const next = await store.put(orders, id, body, version)
          same(await store.get(orders, id), { id, version: next, body }, id)
        }
        const { documents } = await store.find(orders, { limit: 100 })
        same(Object.fromEntries(documents.map(({ id, body }) => [id, body])), BODIES, 'the same by find()')
        await create(store, orders, 'sparse', { kept: 1, left: undefined })
        same(
          Object.keys((await store.get<object>(orders, 'sparse'))?.body ?? {}),
          ['kept'],
          'what is undefined is left out',
        )
      },
    },
    {
      name: 'tells ids apart by every character',
      async run({ store, collection }) {
        const orders = await collection()
        for (const id of IDS) await create(store, orders, id, { is: id })
        for (const id of IDS) same((await store.get(orders, id))?.body, { is: id }, id)
        for (const id of IDS) same((await store.get(orders, id))?.id, id, id)
        same((await idsOf(store, orders, {})).toSorted(), IDS.toSorted(), 'all ids')
      },
    },
    {
      name: 'keeps a document of 1 MiB',
      async run({ store, collection }) {
        const orders = await collection()
        const body = { lines: Array.from({ length: 1_024 }, (_, at) => `${at}:`.padEnd(1_024, 'é€x')) }
        await create(store, orders, 'big', body)
        same((await store.get(orders, 'big'))?.body, body, 'the body')
        const { documents } = await store.find(orders, { limit: 1 })
        same(documents[0]?.body, body, 'the body by find()')
      },
    },
    {
      name: 'shares no object with its callers',
      async run({ store, collection }) {
        const orders = await collection()
        const body = { lines: [1] }
        await create(store, orders, 'a', body)
        body.lines.push(2)
        const got = await store.get<{ lines: number[] }>(orders, 'a')
        got?.body.lines.push(3)
        const found = await store.find<{ lines: number[] }>(orders, { limit: 1 })
        found.documents[0]?.body.lines.push(4)
        same((await store.get(orders, 'a'))?.body, { lines: [1] }, 'the stored document')
      },
    },
    {
      name: 'sees at once what was written before',
      async run({ store, collection }) {
        const orders = await collection({ rank: 'rank' })
        await Promise.all(
          Array.from({ length: 20 }, async (_, caller) => {
            const id = `order-${caller}`
            let version = 0
            for (let rank = 0; rank < 5; rank++) {
              version = (await store.put(orders, id, { rank: caller * 10 + rank }, version)) ?? -1
              same(await store.get(orders, id), { id, version, body: { rank: caller * 10 + rank } }, 'get()')
              const bounds = { index: 'rank', from: caller * 10, to: caller * 10 + 9 }
              same(await idsOf(store, orders, bounds), [id], 'find()')
              same(await store.count(orders, { ...bounds, from: caller * 10 + rank }), 1, 'count()')
            }
            same(await store.remove(orders, id, version), true, 'remove()')
            same(await store.get(orders, id), undefined, 'get() of the removed')
          }),
        )
        same(await store.count(orders, {}), 0, 'nothing is left')
      },
    },
  ],
}
