import { register, runCheck, type Behaviour, type Check, type TestRunner } from '../check.ts'
import { openStoreBench, type StoreBench } from './bench.ts'
import { bodies } from './bodies.ts'
import { durability } from './durability.ts'
import type { StoreHarness } from './harness.ts'
import { histories } from './histories.ts'
import { indexes } from './indexes.ts'
import { paging } from './paging.ts'
import { queries } from './queries.ts'
import { versions } from './versions.ts'

/** Everything that the store port promises (design, sections 5 and 6), as checks. */
export const STORE_BEHAVIOURS: readonly Behaviour<StoreBench>[] = [
  versions,
  bodies,
  queries,
  indexes,
  paging,
  durability,
  histories,
]

const patienceOf = (harness: StoreHarness) => harness.patienceMs ?? 15_000

/** Runs one check on a store of its own; rejects when the driver breaks the promise. */
export const runStoreCheck = async (harness: StoreHarness, check: Check<StoreBench>): Promise<void> => {
  await runCheck(await openStoreBench(harness), check, patienceOf(harness) * 6)
}

/**
 * Registers the conformance suite of the store port with the test runner in place.
 *
 * @param harness - how the suite opens the driver.
 * @param runner - the test runner; the global `describe` and `it` when absent.
 * @throws TypeError when there is no test runner.
 */
export const storeConformance = (harness: StoreHarness, runner?: TestRunner): void =>
  register(
    {
      title: `${harness.name} keeps the promises of the store port`,
      behaviours: STORE_BEHAVIOURS,
      canReopen: harness.reopen !== undefined,
      timeoutMs: patienceOf(harness) * 8,
      run: (check) => runStoreCheck(harness, check),
    },
    runner,
  )
