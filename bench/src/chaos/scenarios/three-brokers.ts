import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import { judgeAnswers, recoveryMs } from '../load/outage.ts'
import { type Scenario, seconds } from './scenario.ts'

const RECOVERED_MS = 60_000
const DOWN_MS = 4_000
/** Until the two that are left have noticed and taken over. */
const TAKEN_OVER_MS = 5_000

/** min.insync.replicas=2 of three: one broker may go, two may not. Broker 1 is the only controller and stays. */
export const threeBrokers: Scenario = {
  name: 'three-brokers',
  about: 'three brokers, min.insync.replicas=2: one killed, intake goes on; two killed, 503; both back',
  brokers: 3,
  run: ({ world, underLoad, charge }) =>
    underLoad(async (load) => {
      const [, second, third] = world.engines.kafka.brokers
      if (second === undefined || third === undefined) throw new Error('There are no three brokers.')
      const takenSince = (moment: number) =>
        eventually(() => recoveryMs(load.answers, moment), {
          what: 'orders are taken',
          timeoutMs: RECOVERED_MS,
          everyMs: 20,
        })
      await third.kill()
      const oneGone = performance.now()
      const gap = await takenSince(oneGone)
      await delay(TAKEN_OVER_MS)
      await takenSince(performance.now())
      const withTwo = judgeAnswers(load.answers, oneGone)

      await second.kill()
      const twoGone = performance.now()
      await delay(DOWN_MS)
      await eventually(() => judgeAnswers(load.answers, twoGone).refused > 0, {
        what: 'the gateway refuses an order while one broker of three is left',
        timeoutMs: RECOVERED_MS,
        everyMs: 50,
      })
      const alone = judgeAnswers(load.answers, twoGone)
      if (alone.taken > 0) charge(`${alone.taken} orders were taken by one broker alone`)
      for (const answer of alone.improper) charge(`a caller heard ${answer} from one broker alone`)

      await Promise.all([second.start(), third.start()])
      const recovered = await takenSince(performance.now())
      return {
        'gap with two s': seconds(gap),
        'taken by two': withTwo.taken,
        'answered 503': alone.refused,
        'slowest 503 s': seconds(alone.slowestMs),
        'recovery s': seconds(recovered),
      }
    }),
}
