/** Longest time that a timer of Node can hold; it takes a longer one for 1 ms. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Waits, but no longer than the signal lets it.
 *
 * @param ms - milliseconds, 0 or more; more than 24 days are cut off there.
 * @returns whether the time passed without an abort.
 */
export const pause = (ms: number, signal?: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve(false)
    const timer = setTimeout(() => end(true), Math.min(ms, LONGEST_MS))
    const onAbort = () => end(false)
    const end = (passed: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(passed)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
