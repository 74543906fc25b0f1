import type { EventContract } from '../event.ts'

/** Stands for data and notes which fields are read; every field is there, at any depth. */
const watched = (path: readonly string[], read: (path: string) => void): unknown =>
  new Proxy(Object.create(null) as object, {
    get: (_target, name) => {
      if (typeof name === 'symbol') return name === Symbol.toPrimitive ? () => path.join('.') : undefined
      read([...path, name].join('.'))
      return watched([...path, name], read)
    },
  })

const isWithin = (path: string, other: string): boolean => other.startsWith(`${path}.`)

/**
 * The fields that an event's record key is made of: dotted paths, found by watching the contract's own `key` read. Empty where
 * it reads none, or nothing can be told without real data.
 */
export const keyPathsOf = ({ key }: EventContract): readonly string[] => {
  const paths = new Set<string>()
  try {
    key(watched([], (path) => paths.add(path)))
  } catch {
    // It wants more than fields (a text's own methods, say): what was read up to there is still known.
  }
  return [...paths].filter((path) => ![...paths].some((other) => isWithin(path, other)))
}
