/** A map that holds so many entries and no more; the one that came first goes first. */
export type BoundedMap<V> = {
  get(key: string): V | undefined
  has(key: string): boolean
  /** A key that is there keeps its place. */
  set(key: string, value: V): void
  delete(key: string): void
}

/**
 * Makes an empty map. A ring of keys says which one came first: asking a `Map` for its first key walks over every
 * place where one was deleted, and this is in the path of every order.
 *
 * @param most - entries held at once, 1 or more.
 */
export const createBoundedMap = <V>(most: number): BoundedMap<V> => {
  const entries = new Map<string, V>()
  const ring: string[] = []
  let next = 0
  const makeRoom = (key: string) => {
    const first = ring[next]
    if (first !== undefined) entries.delete(first)
    ring[next] = key
    next = (next + 1) % most
  }
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set: (key, value) => {
      if (!entries.has(key)) makeRoom(key)
      entries.set(key, value)
    },
    delete: (key) => void entries.delete(key),
  }
}
