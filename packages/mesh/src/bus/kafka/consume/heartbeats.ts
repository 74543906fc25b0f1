import type { Logger } from 'pino'
import { kafkaWords } from '../failure.ts'
import { createAlarm } from './alarm.ts'

/** What heartbeats work with. */
export type HeartbeatParts = {
  /** Sends one. Rejects when no answer came. */
  readonly beat: () => Promise<void>
  /** Whether there is anything to keep alive. */
  readonly alive: () => boolean
  /** Milliseconds until the next one, asked each time. */
  readonly intervalMs: () => number
  readonly log: Logger
}

/** Heartbeats of a member, on their own: nothing that is fetched or handled holds them up. */
export type Heartbeats = {
  /** The interval is another one now. */
  wake(): void
  stop(): void
}

/** One that got no answer is followed by the next one soon. */
const AGAIN_MS = 250

/** Begins to send heartbeats. */
export const startHeartbeats = ({ beat, alive, intervalMs, log }: HeartbeatParts): Heartbeats => {
  const alarm = createAlarm()
  let stopped = false

  const keepBeating = async () => {
    while (!stopped) {
      await alarm.wait(intervalMs())
      while (!stopped && alive()) {
        try {
          await beat()
          break
        } catch (thrown) {
          log.debug({ err: kafkaWords(thrown) }, 'no answer to a heartbeat')
          await alarm.wait(Math.min(AGAIN_MS, intervalMs()))
        }
      }
    }
  }
  void keepBeating()

  return {
    wake: alarm.ring,
    stop: () => {
      stopped = true
      alarm.ring()
    },
  }
}
