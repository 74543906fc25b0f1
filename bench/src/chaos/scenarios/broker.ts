import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import type { Load } from '../run/load.ts'
import { judgeAnswers, recoveryMs } from '../load/outage.ts'
import type { Run } from '../run/run.ts'
import { type Figures, type Scenario, seconds } from './scenario.ts'

const DOWN_MS = 4_000
const RECOVERED_MS = 60_000

/** What an outage came to. */
type Outage = { readonly refused: number; readonly recoveryMs: number; readonly slowestMs: number }

/**
 * Kills the only broker, sees that callers get 503 with Retry-After and nothing else, starts it again and sees that
 * orders are taken again with nobody's help.
 *
 * @param during - what else goes wrong meanwhile.
 */
const breakBroker = async ({ world, charge }: Run, load: Load, during = () => {}): Promise<Outage> => {
  const [broker] = world.engines.kafka.brokers
  if (broker === undefined) throw new Error('There is no broker.')
  await broker.kill()
  const gone = performance.now()
  during()
  await delay(DOWN_MS)
  await eventually(() => judgeAnswers(load.answers, gone).refused > 0, {
    what: 'the gateway refuses an order while the broker is down',
    timeoutMs: RECOVERED_MS,
    everyMs: 50,
  })
  const { refused, taken, improper, slowestMs } = judgeAnswers(load.answers, gone)
  if (taken > 0) charge(`${taken} orders were taken while there was no broker`)
  for (const answer of improper) charge(`a caller heard ${answer} while there was no broker`)
  await broker.start()
  const back = performance.now()
  const recovered = await eventually(() => recoveryMs(load.answers, back), {
    what: 'orders are taken again',
    timeoutMs: RECOVERED_MS,
    everyMs: 20,
  })
  return { refused, recoveryMs: recovered, slowestMs }
}

const inWords = (outages: readonly Outage[]): Figures => ({
  outages: outages.length,
  'answered 503': outages.reduce((sum, { refused }) => sum + refused, 0),
  'slowest 503 s': seconds(Math.max(...outages.map(({ slowestMs }) => slowestMs))),
  'recovery s': seconds(Math.max(...outages.map((outage) => outage.recoveryMs))),
})

/** The broker under load, and the gateway while it is down. */
export const broker: Scenario = {
  name: 'broker',
  about: 'SIGKILL and restart of the only broker; callers get 503 with Retry-After meanwhile',
  replicas: { fulfillment: 2 },
  run: (run) =>
    run.underLoad(async (load) => {
      const outages: Outage[] = []
      for (let nth = 0; nth < run.size.outages; nth++) {
        outages.push(await breakBroker(run, load))
        await delay(run.size.calmMs)
      }
      return inWords(outages)
    }),
}

/** The broker goes while it shares out partitions, because a process has died and another has come. */
export const brokerRebalance: Scenario = {
  name: 'broker-rebalance',
  about: 'SIGKILL and restart of the broker while processes come and go',
  replicas: { fulfillment: 2, chains: 2 },
  run: (run) =>
    run.underLoad(async (load) => {
      const { world, size } = run
      const outages: Outage[] = []
      for (let nth = 0; nth < size.outages; nth++) {
        const [leaving, links] = [world.replica('fulfillment', 2), world.replica('chains', 2)]
        await Promise.all([leaving.kill(), links.kill()])
        leaving.start()
        // It joins, and the group waits for the dead one: up to a session timeout.
        await delay(1_500 + Math.random() * 4_000)
        outages.push(await breakBroker(run, load, () => links.start()))
        await Promise.all(world.replicas.map((replica) => replica.untilReady()))
        await delay(size.calmMs)
      }
      return inWords(outages)
    }),
}
