/** Answer of one check: undefined when well, otherwise what is wrong, for people. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined

/** Whether this process may take traffic. */
export type Health = {
  /** Adds a readiness check under a name. */
  check(name: string, check: HealthCheck): void
  /** Adds something that people should know although traffic may come: a service that is held back. */
  note(name: string, note: HealthCheck): void
  /** Runs every check. `ready` only when all are well; notes change nothing about that. */
  readiness(): Promise<Readiness>
}

/** What the checks found. */
export type Readiness = {
  readonly ready: boolean
  readonly problems: Readonly<Record<string, string>>
  readonly notes?: Readonly<Record<string, string>>
}

type Asked = readonly [name: string, check: HealthCheck]

/** Makes an empty set of checks. A check that throws counts as a problem. */
export const createHealth = (): Health => {
  // A plugin's service may be called as something of the mesh: it takes nobody's place.
  const checks: Asked[] = []
  const notes: Asked[] = []
  const run = async (check: HealthCheck) => {
    try {
      return await check()
    } catch (thrown) {
      return Error.isError(thrown) ? thrown.message : String(thrown)
    }
  }
  const findings = async (asked: readonly Asked[]): Promise<Record<string, string>> => {
    const answers = await Promise.all(asked.map(async ([name, check]) => [name, await run(check)] as const))
    return Object.fromEntries(
      answers.filter((answer): answer is readonly [string, string] => answer[1] !== undefined),
    )
  }
  return {
    check: (name, check) => void checks.push([name, check]),
    note: (name, note) => void notes.push([name, note]),
    readiness: async () => {
      const [problems, noted] = await Promise.all([findings(checks), findings(notes)])
      const ready = Object.keys(problems).length === 0
      return { ready, problems, ...(Object.keys(noted).length > 0 && { notes: noted }) }
    },
  }
}
