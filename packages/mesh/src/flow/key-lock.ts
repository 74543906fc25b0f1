/** Runs work of one key one after the other, work of different keys at once. */
export type KeyLock = {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Whether work of this key runs or waits. */
  busy(key: string): boolean
}

/** Makes a lock without keys; it holds nothing for keys at rest. */
export const createKeyLock = (): KeyLock => {
  const last = new Map<string, Promise<unknown>>()
  return {
    run: (key, work) => {
      const before = last.get(key)
      const mine = before === undefined ? work() : before.then(work, work)
      const tail = mine.then(
        () => clear(),
        () => clear(),
      )
      const clear = () => {
        if (last.get(key) === tail) last.delete(key)
      }
      last.set(key, tail)
      return mine
    },
    busy: (key) => last.has(key),
  }
}
