import type { Query, Store } from '@commerce-mesh/mesh'
import { ensure, same } from '../evidence.ts'
import { walk } from './bench.ts'

/** What the documents of the model hold; both fields are indexed. */
export type ModelBody = { readonly rank?: number; readonly name?: string; readonly note: number }

/** The indexes of the model's collection. */
export const MODEL_INDEXES = { rank: 'rank', name: 'name' } as const

/** Which version a write expects: the one that is there, one that never was, or none at all. */
export type Expecting = 'current' | 'above' | 'zero'

/** One step of a random history. */
export type Operation =
  | { readonly kind: 'put'; readonly id: string; readonly body: ModelBody; readonly expecting: Expecting }
  | { readonly kind: 'remove'; readonly id: string; readonly expecting: Expecting }
  | { readonly kind: 'find'; readonly query: Query }

type Model = Map<string, { version: number; body: ModelBody }>

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))

/** Ids that a query must give, by the plainest means: filter and sort. */
const expectedIds = (model: Model, { index, from, to }: Omit<Query, 'limit'>): string[] =>
  [...model]
    .flatMap(([id, { body }]) => {
      const value = index === undefined ? id : body[index as 'rank' | 'name']
      return value === undefined ? [] : [{ id, value }]
    })
    .filter(({ value }) => from === undefined || compare(value, from) >= 0)
    .filter(({ value }) => to === undefined || compare(value, to) <= 0)
    .toSorted((a, b) => compare(a.value, b.value) || compare(a.id, b.id))
    .map(({ id }) => id)

const expectedVersion = (known: number, expecting: Expecting): number =>
  expecting === 'current' ? known : expecting === 'above' ? known + 1 : 0

const put = async (store: Store, collection: string, model: Model, step: Operation & { kind: 'put' }) => {
  const known = model.get(step.id)?.version ?? 0
  const expected = expectedVersion(known, step.expecting)
  const version = await store.put(collection, step.id, step.body, expected)
  if (expected !== known) return same(version, undefined, `a put over version ${expected} of ${known}`)
  ensure(version !== undefined && version > known, `version ${version} after ${known}`)
  model.set(step.id, { version, body: step.body })
}

const remove = async (
  store: Store,
  collection: string,
  model: Model,
  step: Operation & { kind: 'remove' },
) => {
  const known = model.get(step.id)?.version ?? 0
  const expected = expectedVersion(known, step.expecting)
  const removed = await store.remove(collection, step.id, expected)
  same(removed, known > 0 && expected === known, `a remove of version ${expected} of ${known}`)
  if (removed) model.delete(step.id)
}

const find = async (
  store: Store,
  collection: string,
  model: Model,
  { query }: Operation & { kind: 'find' },
) => {
  const { limit: _, ...bounds } = query
  const ids = expectedIds(model, bounds)
  const found = await walk<ModelBody>(store, collection, query)
  same(
    found.map(({ id }) => id),
    ids,
    `the documents of ${JSON.stringify(query)}`,
  )
  for (const { id, version, body } of found) {
    same({ version, body }, model.get(id), `${id} as it was written`)
  }
  same(await store.count(collection, bounds), ids.length, `count() of ${JSON.stringify(bounds)}`)
}

/** Does every step to the store and to a Map, and fails where they differ. */
export const replay = async (
  store: Store,
  collection: string,
  history: readonly Operation[],
): Promise<void> => {
  const model: Model = new Map()
  for (const step of history) {
    if (step.kind === 'put') await put(store, collection, model, step)
    else if (step.kind === 'remove') await remove(store, collection, model, step)
    else await find(store, collection, model, step)
  }
  for (const index of ['rank', 'name', undefined]) {
    const query = { limit: 3, ...(index !== undefined && { index }) }
    await find(store, collection, model, { kind: 'find', query })
  }
}
