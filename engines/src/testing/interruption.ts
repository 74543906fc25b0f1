import type { ChildProcess } from 'node:child_process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Signals to this process, which no longer end it: engines have to be stopped first. */
export type Interruption = {
  /** Whether there was one. */
  wished(): boolean
  /** Whom signals are passed on to from now on. */
  passTo(child: ChildProcess): void
  /** Signals end this process again. */
  off(): void
}

/** Begins to listen for signals. */
export const listenForInterruption = (): Interruption => {
  let wished = false
  let child: ChildProcess | undefined
  const hear = (name: NodeJS.Signals) => {
    wished = true
    child?.kill(name)
  }
  for (const name of SIGNALS) process.on(name, hear)
  return {
    wished: () => wished,
    passTo: (process) => void (child = process),
    off: () => {
      for (const name of SIGNALS) process.off(name, hear)
    },
  }
}
