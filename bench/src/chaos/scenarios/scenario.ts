import type { ServiceName } from '../cluster/replica.ts'
import type { Run } from '../run/run.ts'

/** What was measured, by name; durations are in seconds and their names say so. */
export type Figures = Readonly<Record<string, number>>

/** One way to break a world. */
export type Scenario = {
  /** Short, lower-case letters: what `--only` names. */
  readonly name: string
  /** What is broken, for people. */
  readonly about: string
  /** Processes of each service that it needs more than one of. */
  readonly replicas?: Partial<Record<ServiceName, number>>
  /** Brokers that it needs. Default: 1. */
  readonly brokers?: 1 | 3
  /** Milliseconds that counting a link takes. Default: 0. */
  readonly slowMs?: number
  /** @throws Error when something beside the promises of the checker did not happen as it must. */
  readonly run: (run: Run) => Promise<Figures>
}

/** Seconds with one decimal, for figures. */
export const seconds = (ms: number): number => Math.round(ms / 100) / 10
