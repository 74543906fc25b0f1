import { setTimeout as delay } from 'node:timers/promises'
import type { Engines } from '@commerce-mesh/mesh'

const MOST_MS = 1_000

/** Breaks promise 3: whichever record of a key is faster comes first. */
export const withoutLanes = (engines: Engines): Engines => {
  const { bus } = engines
  return {
    ...engines,
    bus: {
      ...bus,
      subscribe: (options) =>
        bus.subscribe({
          ...options,
          handle: async (record, signal) => {
            const later = async () => {
              await delay(Math.random() * MOST_MS)
              await options.handle(record, signal)
            }
            later().catch(() => {})
          },
        }),
    },
  }
}
