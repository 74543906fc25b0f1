import { createBoundedMap } from '../bounded/bounded-map.ts'

/** Entries kept at once. */
const MOST = 10_000

/** A small bounded map whose entries end by themselves. */
export type IdentityCache<V> = {
  get(key: string, now: number): V | undefined
  /** Whether the key was here before, ended or not: a caller that was known once. */
  had(key: string): boolean
  set(key: string, value: V, until: number): void
  delete(key: string): void
}

/** Makes an empty cache. Times are milliseconds of one clock. */
export const createIdentityCache = <V>(most = MOST): IdentityCache<V> => {
  const entries = createBoundedMap<{ value: V; until: number }>(most)
  return {
    get: (key, now) => {
      const entry = entries.get(key)
      return entry !== undefined && entry.until > now ? entry.value : undefined
    },
    had: (key) => entries.has(key),
    set: (key, value, until) => entries.set(key, { value, until }),
    delete: (key) => entries.delete(key),
  }
}
