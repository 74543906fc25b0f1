/** What the process's exit code says. Documented in `mesh help`. */
export const EXIT = {
  /** Done; nothing wrong was found. */
  ok: 0,
  /** It ran and the answer is bad: findings, drift, a failed order, something unknown. */
  failed: 1,
  /** The command line can't be understood. */
  usage: 2,
  /** The mesh can't be reached or started. */
  unavailable: 3,
} as const

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
