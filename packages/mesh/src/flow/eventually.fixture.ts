import { pause } from './pause.ts'

/** How long {@link eventually} waits before it gives up, in milliseconds. */
const PATIENCE_MS = 15_000

/**
 * Waits until a condition holds; one that throws does not hold yet. For tests.
 *
 * @returns the condition's first value that is neither false nor undefined.
 * @throws Error naming what was waited for.
 */
export const eventually = async <T>(
  what: string,
  condition: () => Promise<T | false | undefined> | T | false | undefined,
): Promise<T> => {
  const end = performance.now() + PATIENCE_MS
  let cause: unknown
  let between = 2
  do {
    try {
      const value = await condition()
      if (value !== false && value !== undefined) return value
    } catch (thrown) {
      cause = thrown
    }
    // Looking is work too: what takes longer is looked at less often.
    await pause(between)
    between = Math.min(between * 1.5, 40)
  } while (performance.now() < end)
  throw new Error(`Waited in vain for: ${what}.`, { cause })
}

/** Lets everything run that can run now. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => void setImmediate(resolve))
}

/** Something that is closed until somebody opens it. For tests. */
export type Gate = { readonly opened: Promise<void>; readonly open: () => void }

/** Makes a closed gate. */
export const gate = (): Gate => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
