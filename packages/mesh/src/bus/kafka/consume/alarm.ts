import { pause } from '../../../flow/pause.ts'

/** A wait that can be cut short. */
export type Alarm = {
  /** Resolves after `ms`, or when it rings; at once if it rang since the last wait. */
  wait(ms: number): Promise<void>
  ring(): void
}

const RUNG = 'rung'

/** Makes a silent alarm. */
export const createAlarm = (): Alarm => {
  let rung = new AbortController()
  return {
    wait: async (ms) => {
      await pause(ms, rung.signal)
      if (rung.signal.aborted) rung = new AbortController()
    },
    // Without a reason of our own, each call would make an error with its stack, also where it has rung already.
    ring: () => rung.abort(RUNG),
  }
}
