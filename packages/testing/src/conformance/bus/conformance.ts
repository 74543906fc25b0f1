import { register, runCheck, type Behaviour, type Check, type TestRunner } from '../check.ts'
import { audit } from './audit.ts'
import { backpressure } from './backpressure.ts'
import { openBusBench, type BusBench } from './bench.ts'
import { closing } from './closing.ts'
import { commit } from './commit.ts'
import { delivery } from './delivery.ts'
import { failure } from './failure.ts'
import type { BusHarness } from './harness.ts'
import { keyOrder } from './key-order.ts'
import { membership } from './membership.ts'
import { partitioning } from './partitioning.ts'
import { payload } from './payload.ts'
import { sharing } from './sharing.ts'

/** Everything that the bus port promises (design, sections 5 and 6), as checks. */
export const BUS_BEHAVIOURS: readonly Behaviour<BusBench>[] = [
  delivery,
  payload,
  partitioning,
  keyOrder,
  failure,
  commit,
  sharing,
  membership,
  closing,
  backpressure,
  audit,
]

const patienceOf = (harness: BusHarness) => harness.patienceMs ?? 15_000

/** Runs one check on a bus of its own; rejects when the driver breaks the promise. */
export const runBusCheck = async (harness: BusHarness, check: Check<BusBench>): Promise<void> => {
  await runCheck(await openBusBench(harness), check, patienceOf(harness) * 6)
}

/**
 * Registers the conformance suite of the bus port with the test runner in place.
 *
 * @param harness - how the suite opens the driver.
 * @param runner - the test runner; the global `describe` and `it` when absent.
 * @throws TypeError when there is no test runner.
 */
export const busConformance = (harness: BusHarness, runner?: TestRunner): void =>
  register(
    {
      title: `${harness.name} keeps the promises of the bus port`,
      behaviours: BUS_BEHAVIOURS,
      canReopen: harness.reopen !== undefined,
      timeoutMs: patienceOf(harness) * 8,
      run: (check) => runBusCheck(harness, check),
    },
    runner,
  )
