/** At most `count` pieces of work at once; the rest wait their turn. */
export type Slots = { run<T>(work: () => Promise<T>): Promise<T>; readonly used: number }

/** Makes `count` slots, 1 or more. */
export const createSlots = (count: number): Slots => {
  let used = 0
  const waiting: (() => void)[] = []

  const release = () => {
    const next = waiting.shift()
    if (next === undefined) used--
    else next()
  }

  return {
    run: async (work) => {
      if (used < count) used++
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        release()
      }
    },
    get used() {
      return used
    },
  }
}
