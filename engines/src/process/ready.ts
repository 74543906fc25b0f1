import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from '../engine-error.ts'
import { lastLines } from './run.ts'

/** What is waited for. */
export type Readiness = {
  /** Name for messages. */
  readonly what: string
  /** Whether it has ended; then nobody waits any longer. */
  hasEnded(): boolean | Promise<boolean>
  /** Its log, for messages. */
  readonly log?: string
  /** Asks the server; resolves with whether it can be used. One that throws can't yet. */
  ask(): Promise<boolean>
  /** Longest wait, in milliseconds. */
  readonly timeoutMs: number
}

const tail = (log: string | undefined): string =>
  log !== undefined && existsSync(log) ? `\n${lastLines(readFileSync(log, 'utf8'))}` : ''

/** Waits until a server answers as one that can be used. @throws EngineError when it ends before, or when the time is over */
export const untilReady = async ({ what, log, hasEnded, ask, timeoutMs }: Readiness): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  const where = log === undefined ? 'Look into its log.' : `Its log is ${log}.`
  let cause: unknown
  for (;;) {
    if (await ask().catch((thrown: unknown) => void (cause = thrown))) return
    if (await hasEnded()) throw new EngineError(`${what} ended while it started.${tail(log)}`, where)
    if (performance.now() > deadline)
      throw new EngineError(`${what} did not answer within ${timeoutMs / 1_000} s.${tail(log)}`, where, {
        cause,
      })
    await delay(50)
  }
}
