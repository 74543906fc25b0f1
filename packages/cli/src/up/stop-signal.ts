/** Signals that ask for an orderly stop. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C reaches this process twice, from the terminal and from the launcher; that is one wish. */
const ONE_WISH_MS = 700

/** Exit code of a process that was interrupted (128 + SIGINT). */
const INTERRUPTED = 130

/** Somebody's wish that the process ends. */
export type StopWish = {
  readonly signal: AbortSignal
  /** Resolves when the process is to stop. */
  wished(): Promise<void>
}

/**
 * Listens for signals from now on. The first asks for an orderly stop; another one later ends the process at once, which loses
 * nothing either.
 */
export const listenForStop = (onImpatience: () => void): StopWish => {
  const stopping = new AbortController()
  let first: number | undefined
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (first !== undefined && performance.now() - first < ONE_WISH_MS) return
      if (first !== undefined) {
        onImpatience()
        process.exit(INTERRUPTED)
      }
      first = performance.now()
      stopping.abort()
    })
  }
  const { signal } = stopping
  return {
    signal,
    wished: () =>
      new Promise((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      ),
  }
}
