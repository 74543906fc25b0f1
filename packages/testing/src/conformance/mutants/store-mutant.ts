import type { Store } from '@commerce-mesh/mesh'

/** A broken store around a sound one, and the checks that must see it. */
export type StoreMutant = {
  readonly name: string
  readonly breaks: (store: Store) => Store
  /** Whether it starts empty after a restart. */
  readonly forgets?: true
  /** Beginnings of the names of the checks. */
  readonly caughtBy: readonly string[]
}

/** Changes bodies on their way in. */
export const writing = (store: Store, change: (text: string) => string): Store => ({
  ...store,
  put: (collection, id, body, expected) =>
    store.put(collection, id, JSON.parse(change(JSON.stringify(body))), expected),
})
