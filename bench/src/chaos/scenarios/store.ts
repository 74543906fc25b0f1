import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import { handledBy } from '../load/handled.ts'
import { judgeAnswers } from '../load/outage.ts'
import type { Load } from '../run/load.ts'
import type { Run } from '../run/run.ts'
import { type Scenario, seconds } from './scenario.ts'

const DOWN_MS = 4_000
const RECOVERED_MS = 60_000

/** @returns orders that were taken while the store was down, and milliseconds until fulfillment handled records again. */
const breakStore = async ({ world }: Run, load: Load) => {
  const { mongo } = world.engines
  const worker = world.replica('fulfillment')
  await mongo.kill()
  const gone = performance.now()
  await delay(DOWN_MS)
  await eventually(() => judgeAnswers(load.answers, gone).taken > 0, {
    what: 'orders are taken while the store is down',
    timeoutMs: RECOVERED_MS,
  })
  const { taken } = judgeAnswers(load.answers, gone)
  await mongo.start()
  const back = performance.now()
  const handled = await eventually(() => handledBy(worker), { what: 'metrics', timeoutMs: RECOVERED_MS })
  await eventually(async () => (await handledBy(worker)) > handled, {
    what: 'fulfillment handles records again',
    timeoutMs: RECOVERED_MS,
    everyMs: 200,
  })
  return { taken, recoveryMs: performance.now() - back }
}

/** The store goes: orders are taken all the same, for the bus keeps them; nothing is handled until it is back. */
export const store: Scenario = {
  name: 'store',
  about: 'SIGKILL and restart of the store; orders are taken all the while',
  replicas: { fulfillment: 2 },
  run: (run) =>
    run.underLoad(async (load) => {
      const outages = []
      for (let nth = 0; nth < run.size.outages; nth++) {
        outages.push(await breakStore(run, load))
        await delay(run.size.calmMs)
      }
      return {
        outages: outages.length,
        'taken meanwhile': outages.reduce((sum, { taken }) => sum + taken, 0),
        'recovery s': seconds(Math.max(...outages.map((outage) => outage.recoveryMs))),
      }
    }),
}
