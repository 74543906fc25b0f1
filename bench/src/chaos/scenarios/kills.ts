import { setTimeout as delay } from 'node:timers/promises'
import { type FaultsInput, eventually } from '@commerce-mesh/testing'
import type { Scenario } from './scenario.ts'

const match = { method: 'POST', path: '/api/enrollment' }

/** Troubles of the LMS all the while, so that orders wait for another attempt when their process is hit. */
const TROUBLE: FaultsInput = {
  latencyMs: 20,
  rules: [
    { match, fault: '500', probability: 0.05 },
    { match, fault: 'success-then-reset', probability: 0.02 },
  ],
}

const TAKEN_BETWEEN = 4
const TAKEN_MS = 90_000

/** SIGKILL of each service in turn. A service is hit again only once it was ready; the others may still be on their way up. */
export const kills: Scenario = {
  name: 'kills',
  about: 'SIGKILL of gateway, payments, fulfillment and chains in turn, while the LMS fails now and then',
  run: async ({ world, size, underLoad }) => {
    const order = (['gateway', 'payments', 'fulfillment', 'chains'] as const).map((name) =>
      world.replica(name),
    )
    await world.trouble(TROUBLE)
    await underLoad(async (load) => {
      for (let nth = 0; nth < size.kills; nth++) {
        const victim = order[nth % order.length]
        if (victim === undefined) continue
        await victim.untilReady()
        // A kill of a mesh that nobody uses proves little.
        const before = load.taken()
        await eventually(() => load.taken() >= before + TAKEN_BETWEEN, {
          what: 'orders',
          timeoutMs: TAKEN_MS,
        })
        await delay(Math.random() * 1_000)
        await victim.kill()
        victim.start()
      }
      await Promise.all(order.map((replica) => replica.untilReady()))
    })
    await world.trouble({})
    return { kills: size.kills }
  },
}
