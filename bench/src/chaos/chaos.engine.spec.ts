import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeEngine } from '@commerce-mesh/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Violations, countViolations } from './check/check.ts'
import { type EngineCluster, startEngines } from './cluster/engines.ts'
import { MUTATIONS } from './mutations/mutations.ts'
import { lastWords } from './report/logs.ts'
import { isNoticed, performMutation } from './run/perform.ts'
import { type Run, type Size, openRun } from './run/run.ts'
import { broker } from './scenarios/broker.ts'
import { kills } from './scenarios/kills.ts'
import { poison } from './scenarios/poison.ts'
import { rebalances } from './scenarios/rebalances.ts'
import { store } from './scenarios/store.ts'
import { zombie } from './scenarios/zombie.ts'

// The short form of `npm run chaos`. All scenarios hit the same world, one after the other: starting one costs as much as
// breaking it. The engines are its own, for others would not like what is done to them.

const SIZE: Size = {
  ordersPerSecond: 6,
  linksPerSecond: 6,
  kills: 4,
  outages: 1,
  sleepMs: 9_000,
  calmMs: 1_000,
}

/** Those whose defect needs nothing but the service that counts chains; `npm run chaos` does all, with their controls. */
const SOME_MUTATIONS = ['no-inbox', 'ack-before-write', 'no-sweeper']

const NONE: Violations = { lost: [], doubled: [], wrong: [], disordered: [], silent: [], stuck: [], drift: 0 }

describeEngine('kafka', 'a distributed mesh on real engines', () => {
  let folder: string
  let engines: EngineCluster

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-chaos-'))
    engines = await startEngines(folder)
  }, 300_000)

  afterAll(async () => {
    await engines?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  describe('broken in one way after the other', () => {
    let run: Run

    beforeAll(async () => {
      const replicas = { fulfillment: 2, chains: 2 }
      run = await openRun({ engines, folder, name: 'spec', replicas, slowMs: 300 }, SIZE)
    }, 180_000)

    afterAll(async () => run?.close(), 30_000)

    it.each([kills, rebalances, broker, store, poison, zombie])(
      'goes on with nobody’s help: $name',
      async (scenario) => {
        await scenario.run(run)
      },
      300_000,
    )

    it('has lost, doubled, mixed up and forgotten nothing', async () => {
      const { accepted, links, violations } = await run.conclude()
      if (Object.values(countViolations(violations)).some((count) => count > 0))
        console.error(lastWords(`${folder}/spec`))
      expect(violations).toEqual(NONE)
      expect(accepted).toBeGreaterThan(0)
      expect(links).toBeGreaterThan(0)
    }, 300_000)
  })

  describe('with something broken on purpose', () => {
    it.each(MUTATIONS.filter(({ name }) => SOME_MUTATIONS.includes(name)))(
      'is found out: $name',
      async (mutation) => {
        const { violations, ...counts } = await performMutation(mutation, true, {
          engines,
          folder,
          size: SIZE,
        })
        expect({
          ...counts,
          ...countViolations(violations),
          noticed: isNoticed(mutation, { ...counts, violations }),
        }).toMatchObject({
          noticed: true,
        })
      },
      300_000,
    )
  })
})
