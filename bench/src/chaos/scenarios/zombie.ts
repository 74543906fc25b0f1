import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import { openObserver } from '../history/observer.ts'
import { handledBy } from '../load/handled.ts'
import { type Scenario, seconds } from './scenario.ts'

const SETTLE_MS = 40_000
const WORKS_AGAIN_MS = 60_000

/**
 * Processes are stopped in the middle of their work for longer than the group waits for them, and go on as if nothing
 * had been. Everything that was taken is settled by the others while they sleep; every document is noted down then, and
 * must be the same, to its version, when the sleepers are awake and work again.
 */
export const zombie: Scenario = {
  name: 'zombie',
  about:
    'SIGSTOP of one of two processes of fulfillment and chains under load, SIGCONT after its partitions are gone',
  replicas: { fulfillment: 2, chains: 2 },
  slowMs: 800,
  run: async ({ world, size, underLoad, charge }) => {
    const services = (['fulfillment', 'chains'] as const).filter((name) => world.services.includes(name))
    const sleepers = services.map((service) => world.replica(service, 2))
    // Another scenario may have taken it away.
    for (const sleeper of sleepers) if (!sleeper.alive()) sleeper.start()
    await Promise.all(sleepers.map((sleeper) => sleeper.untilReady()))
    // Slow calls, so that something is under way at any moment.
    await world.trouble({ latencyMs: 300 })
    const asleep = await underLoad(async () => {
      await delay(size.calmMs)
      for (const sleeper of sleepers) sleeper.freeze()
      const since = performance.now()
      await delay(size.sleepMs)
      return since
    })
    const observer = await openObserver(world)
    try {
      const left = await observer.settle(SETTLE_MS)
      if (left.length > 0) throw new Error(`The others did not take over: ${left.join('; ')}`)
      const before = await observer.documents(services)
      for (const sleeper of sleepers) sleeper.wake()
      const slept = performance.now() - asleep
      await underLoad(async () => {
        for (const sleeper of sleepers) {
          await sleeper.untilReady()
          const handled = await handledBy(sleeper)
          await eventually(async () => (await handledBy(sleeper)) > handled, {
            what: `${sleeper.name} works again`,
            timeoutMs: WORKS_AGAIN_MS,
            everyMs: 200,
          })
        }
      })
      const after = await observer.documents(services)
      for (const [name, print] of before)
        if (after.get(name) !== print) charge(`${name} was changed by a process that had been asleep`)
      return { 'slept s': seconds(slept), 'documents untouched': before.size }
    } finally {
      await observer.close()
      await world.trouble({})
    }
  },
}
