/** Data whose reading is noted. */
export type Watched = {
  readonly data: unknown
  /** Dotted paths of the values that were looked at; `*` for items of lists. Without those that only lead to others. */
  readPaths(): readonly string[]
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Asked for by JavaScript itself, of every object. */
const PROTOCOL: ReadonlySet<string> = new Set(['toJSON', 'then', 'constructor'])

const isIndex = (name: string): boolean => /^\d+$/.test(name)

/**
 * Wraps an event's data so that reading it is noted. What is looked at as a whole (compared, copied, listed) counts as read with
 * everything below.
 */
export const watchData = (data: unknown): Watched => {
  const seen = new Set<string>()
  const wrap = (value: unknown, path: readonly string[]): unknown => {
    if (!isContainer(value)) return value
    const step = (name: string) => [...path, Array.isArray(value) && isIndex(name) ? '*' : name]
    return new Proxy(value, {
      get: (target, name, receiver) => {
        const inner: unknown = Reflect.get(target, name, receiver)
        if (typeof name === 'symbol' || (Array.isArray(target) && !isIndex(name)) || PROTOCOL.has(name))
          return inner
        const at = step(name)
        seen.add(at.join('.'))
        return wrap(inner, at)
      },
      getOwnPropertyDescriptor: (target, name) => {
        if (typeof name === 'string' && !(Array.isArray(target) && !isIndex(name)))
          seen.add(step(name).join('.'))
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
    })
  }
  return {
    data: wrap(data, []),
    readPaths: () => {
      const paths = [...seen].toSorted()
      return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)))
    },
  }
}
