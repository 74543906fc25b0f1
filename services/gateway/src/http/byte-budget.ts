import { unavailable } from '../problem/refusal.ts'

/** Bytes of unfinished bodies that the process holds at once, whatever the number of connections. */
const MOST = 134_217_728

/** Counts the bytes of all bodies that are being read. */
export type ByteBudget = {
  /** @throws Refusal 503 when that many bytes are too many. */
  take(bytes: number): void
  give(bytes: number): void
}

/** @param most - bytes that may be held at once. */
export const createByteBudget = (most = MOST): ByteBudget => {
  let held = 0
  return {
    take: (bytes) => {
      if (held + bytes > most)
        throw unavailable(
          'MESH_OVERLOADED',
          'Too many unfinished requests are held; try again in a second.',
          1,
        )
      held += bytes
    },
    give: (bytes) => {
      held -= bytes
    },
  }
}
