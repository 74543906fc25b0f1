/**
 * Waits, but no longer than the signal lets it.
 *
 * @param ms - milliseconds, 0 or more.
 * @returns whether the time passed without an abort.
 */
export const pause = (ms: number, signal?: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve(false)
    const timer = setTimeout(() => end(true), ms)
    const onAbort = () => end(false)
    const end = (passed: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(passed)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
