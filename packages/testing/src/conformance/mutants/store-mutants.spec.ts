import { describe, expect, it } from '@jest/globals'
import { InMemoryDocuments, inMemoryStore } from '../in-memory-store.ts'
import { runStoreCheck, STORE_BEHAVIOURS } from '../store/conformance.ts'
import type { StoreHarness } from '../store/harness.ts'
import { QUERY_MUTANTS } from './query-mutants.ts'
import type { StoreMutant } from './store-mutant.ts'
import { WRITE_MUTANTS } from './write-mutants.ts'

const MUTANTS = [...WRITE_MUTANTS, ...QUERY_MUTANTS]

const CHECKS = STORE_BEHAVIOURS.flatMap(({ checks }) => checks)

const harnessOf = ({ name, breaks, forgets }: StoreMutant): StoreHarness => {
  let kept = new InMemoryDocuments()
  return {
    name,
    patienceMs: 2_000,
    open: async () => {
      kept = new InMemoryDocuments()
      return breaks(inMemoryStore(kept))
    },
    reopen: async () => breaks(inMemoryStore(forgets ? new InMemoryDocuments() : kept)),
    cleanup: async () => {},
  }
}

const checksNamed = (beginning: string) => CHECKS.filter(({ name }) => name.startsWith(beginning))

describe('The store suite', () => {
  for (const mutant of MUTANTS) {
    for (const beginning of mutant.caughtBy) {
      it(`catches a store that ${mutant.name}: “${beginning} …”`, async () => {
        const [check, ...others] = checksNamed(beginning)
        if (check === undefined || others.length > 0)
          throw new Error(`‘${beginning}’ names no check, or several.`)
        await expect(runStoreCheck(harnessOf(mutant), check)).rejects.toThrow()
      })
    }
  }

  it('has no check that no mutant can fail', () => {
    const able = new Set(MUTANTS.flatMap(({ caughtBy }) => caughtBy.flatMap(checksNamed)))
    expect(CHECKS.filter((check) => !able.has(check)).map(({ name }) => name)).toEqual([])
  })
})
