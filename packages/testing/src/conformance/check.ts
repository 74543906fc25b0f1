import { within } from './eventually.ts'

/** One thing that a driver must do: a plain function that throws when the driver does not. */
export type Check<B> = {
  readonly name: string
  /** What the harness must be able to do, or the check is skipped. */
  readonly needs?: 'reopen'
  readonly run: (bench: B) => Promise<void>
}

/** Checks that pin down one behaviour of a port. */
export type Behaviour<B> = { readonly behaviour: string; readonly checks: readonly Check<B>[] }

type Body = () => Promise<void>

/** The part of a test runner that a suite needs: Jest, Vitest with globals, and node:test have it. */
export type TestRunner = {
  describe(name: string, body: () => void): unknown
  it: {
    (name: string, body: Body, timeoutMs?: number): unknown
    skip(name: string, body: Body): unknown
  }
}

// Read when a suite is registered, not imported: the package is also loaded outside of any test runner (`mesh up --demo`).
const runnerInPlace = (): TestRunner => {
  const { describe, it } = globalThis as Partial<TestRunner>
  if (describe === undefined || it === undefined) {
    throw new TypeError(
      'There is no global `describe` and `it`: call this from a Jest test, or pass a runner as the second argument.',
    )
  }
  return { describe, it }
}

/** Runs one check on a bench of its own, and clears the bench away. Rejects when the driver breaks the promise. */
export const runCheck = async <B extends { cleanup(): Promise<void> }>(
  bench: B,
  check: Check<B>,
  timeoutMs: number,
): Promise<void> => {
  let failed = true
  try {
    await within(check.run(bench), timeoutMs, `the check “${check.name}”`)
    failed = false
  } finally {
    // The check's own failure is the news; a driver that is broken often can't be closed either.
    await (failed ? bench.cleanup().catch(() => {}) : bench.cleanup())
  }
}

/** How a suite is registered. */
export type Registration<B> = {
  readonly title: string
  readonly behaviours: readonly Behaviour<B>[]
  readonly canReopen: boolean
  /** Deadline of one check in milliseconds. */
  readonly timeoutMs: number
  readonly run: (check: Check<B>) => Promise<void>
}

/** Registers every check with the runner, in a block per behaviour. */
export const register = <B>(registration: Registration<B>, runner: TestRunner = runnerInPlace()): void => {
  const { title, behaviours, canReopen, timeoutMs, run } = registration
  runner.describe(title, () => {
    for (const { behaviour, checks } of behaviours) {
      runner.describe(behaviour, () => {
        for (const check of checks) {
          if (check.needs === 'reopen' && !canReopen) runner.it.skip(check.name, () => run(check))
          else runner.it(check.name, () => run(check), timeoutMs)
        }
      })
    }
  })
}
