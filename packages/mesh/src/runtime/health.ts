/** Answer of one check: undefined when well, otherwise what is wrong, for people. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined

/** Whether this process may take traffic. */
export type Health = {
  /** Adds a readiness check under a name. */
  check(name: string, check: HealthCheck): void
  /** Runs every check. `ready` only when all are well. */
  readiness(): Promise<{ ready: boolean; problems: Readonly<Record<string, string>> }>
}

/** Makes an empty set of checks. A check that throws counts as a problem. */
export const createHealth = (): Health => {
  const checks = new Map<string, HealthCheck>()
  const run = async (check: HealthCheck) => {
    try {
      return await check()
    } catch (thrown) {
      return Error.isError(thrown) ? thrown.message : String(thrown)
    }
  }
  return {
    check: (name, check) => void checks.set(name, check),
    readiness: async () => {
      const answers = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await run(check)] as const),
      )
      const problems = Object.fromEntries(
        answers.filter((answer): answer is readonly [string, string] => answer[1] !== undefined),
      )
      return { ready: Object.keys(problems).length === 0, problems }
    },
  }
}
