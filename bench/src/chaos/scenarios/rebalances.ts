import { setTimeout as delay } from 'node:timers/promises'
import type { World } from '../cluster/world.ts'
import { readEffects } from '../history/effects.ts'
import { openObserver } from '../history/observer.ts'
import { longestGapMs } from '../load/handled.ts'
import { type Scenario, seconds } from './scenario.ts'

/** After a process has gone or come, the group may still be sharing out partitions. */
const AFTER_MS = 3_000
/** Until the broker misses a process that was killed. */
const MISSED_MS = 7_000

type Phase = { readonly name: string; readonly from: number; readonly to: number }

/** How long nothing was done at all: by fulfillment, of which one process is always there, and by the chains process that stays. */
const pausesOf = async (world: World, phases: readonly Phase[]): Promise<Record<string, number>> => {
  const observer = await openObserver(world)
  try {
    const effects = readEffects(world.effects).map(({ at }) => at)
    const links = await observer.countedAt('chains-1')
    return Object.fromEntries(
      phases.flatMap(({ name, from, to }) => [
        [`${name}: fulfillment paused s`, seconds(longestGapMs(effects, from, to))],
        [`${name}: chains-1 paused s`, seconds(longestGapMs(links, from, to))],
      ]),
    )
  } finally {
    await observer.close()
  }
}

/** Processes come and go beside one that stays. What is measured is how long that one does nothing. */
export const rebalances: Scenario = {
  name: 'rebalances',
  about: 'two processes of fulfillment and chains: one killed, one added, one removed',
  replicas: { fulfillment: 2, chains: 2 },
  run: async ({ world, size, underLoad, charge }) => {
    const phases: Phase[] = []
    const phase = async (name: string, work: () => Promise<unknown>) => {
      const from = Date.now()
      await work()
      await delay(AFTER_MS)
      phases.push({ name, from, to: Date.now() })
    }
    const [leaving, links] = [world.replica('fulfillment', 2), world.replica('chains', 2)]
    await underLoad(async () => {
      await phase('calm', () => delay(size.calmMs))
      await phase('killed', () => Promise.all([leaving.kill(), links.kill(), delay(MISSED_MS)]))
      await phase('added', async () => {
        const added = await world.add('fulfillment')
        links.start()
        await Promise.all([added.untilReady(), links.untilReady()])
      })
      await phase('removed', async () => {
        const codes = await Promise.all([world.replica('fulfillment', 3).stop(), links.stop()])
        if (codes.some((code) => code !== 0)) charge(`stopped processes ended with ${codes.join()}`)
      })
    })
    return pausesOf(world, phases)
  },
}
