import type { Answer } from '../../crash/shoppers.ts'

/** What callers were told while the bus was away. */
export type OutageAnswers = {
  /** 503 with Retry-After. */
  readonly refused: number
  /** Orders that were taken all the same. */
  readonly taken: number
  /** Anything else, in words: a caller must get an answer, and one that says when to come again. */
  readonly improper: readonly string[]
  /** Slowest answer, in milliseconds. */
  readonly slowestMs: number
}

const sentAt = ({ at, ms }: Answer): number => at - ms

const isTaken = ({ status }: Answer): boolean => status >= 200 && status < 300

const isRefused = ({ status, retryAfter }: Answer): boolean => status === 503 && Number(retryAfter) > 0

/** Judges the answers, up to now, to what was sent after a moment (ms, monotonic). */
export const judgeAnswers = (answers: readonly Answer[], from: number): OutageAnswers => {
  const since = answers.filter((answer) => sentAt(answer) >= from)
  return {
    refused: since.filter(isRefused).length,
    taken: since.filter(isTaken).length,
    improper: since
      .filter((answer) => !isRefused(answer) && !isTaken(answer))
      .map(
        ({ status, retryAfter, ms }) => `${status} (Retry-After ${retryAfter}) after ${Math.round(ms)} ms`,
      ),
    slowestMs: Math.round(Math.max(0, ...since.map(({ ms }) => ms))),
  }
}

/** Milliseconds from a moment to the first answer to an order that was sent after it and taken; undefined: none was. */
export const recoveryMs = (answers: readonly Answer[], from: number): number | undefined => {
  const first = answers.find((answer) => sentAt(answer) >= from && isTaken(answer))
  return first && first.at - from
}
