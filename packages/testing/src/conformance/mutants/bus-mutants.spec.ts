import { describe, expect, it } from '@jest/globals'
import { BUS_BEHAVIOURS, runBusCheck } from '../bus/conformance.ts'
import type { BusHarness } from '../bus/harness.ts'
import { inMemoryBus } from '../in-memory-bus.ts'
import { InMemoryLog } from '../in-memory-log.ts'
import type { BusMutant } from './bus-mutant.ts'
import { DISPATCH_MUTANTS } from './dispatch-mutants.ts'
import { RECORD_MUTANTS } from './record-mutants.ts'

const MUTANTS = [...RECORD_MUTANTS, ...DISPATCH_MUTANTS]

const CHECKS = BUS_BEHAVIOURS.flatMap(({ checks }) => checks)

// A mutant that waits for ever is caught by impatience: the sound bus needs a few milliseconds.
const PATIENCE_MS = 250

const harnessOf = ({ name, breaks }: BusMutant): BusHarness => {
  let log = new InMemoryLog()
  return {
    name,
    patienceMs: PATIENCE_MS,
    open: async () => {
      log = new InMemoryLog()
      return breaks(inMemoryBus(log), log, false)
    },
    reopen: async () => breaks(inMemoryBus(log), log, true),
    join: async () => breaks(inMemoryBus(log), log, false),
    cleanup: async () => {},
  }
}

const checksNamed = (beginning: string) => CHECKS.filter(({ name }) => name.startsWith(beginning))

describe('The bus suite', () => {
  for (const mutant of MUTANTS) {
    for (const beginning of mutant.caughtBy) {
      it(`catches a bus that ${mutant.name}: “${beginning} …”`, async () => {
        const [check, ...others] = checksNamed(beginning)
        if (check === undefined || others.length > 0)
          throw new Error(`‘${beginning}’ names no check, or several.`)
        await expect(runBusCheck(harnessOf(mutant), check)).rejects.toThrow()
      })
    }
  }

  it('has no check that no mutant can fail', () => {
    const able = new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy.flatMap(checksNamed)))
    expect(CHECKS.filter((check) => !able.has(check)).map(({ name }) => name)).toEqual([])
  })
})
