import type { Row } from '../../report/report.ts'
import { contest, of, over, spread, stopAll, told } from './contest.ts'
import type { Bench } from './kafka.ts'
import { type Side, meshSide } from './side.ts'
import { startStub, urlOf } from './turn.ts'

/** The default of fulfillment. */
const CONCURRENCY = 16
const LATENCY_MS = 20
const REPLICAS = [1, 2, 3]

/** The same drain by one, two and three processes of fulfillment, 16 orders at once in each. */
export const replicaRows = async (bench: Bench, quick: boolean): Promise<Row[]> => {
  const lms = await startStub(LATENCY_MS)
  const sides: Side[] = []
  try {
    for (const replicas of REPLICAS)
      sides.push(
        await meshSide(bench, urlOf(lms), {
          name: `replicas ${replicas}`,
          concurrency: CONCURRENCY,
          replicas,
        }),
      )
    const rounds = await contest(
      lms,
      sides.map((side, nth) => ({ side, concurrency: CONCURRENCY * (REPLICAS[nth] ?? 1) })),
      {
        orders: quick ? 1_000 : 2_000,
        concurrency: CONCURRENCY,
        rounds: quick ? 2 : 5,
        warmUp: quick ? 600 : 1_500,
      },
    )
    return REPLICAS.map((replicas, nth): Row => {
      const rate = spread(rounds, of(nth, 'perSecond')).middle.toFixed(0)
      const most = spread(rounds, of(nth, 'most')).most
      const scale = nth > 0 ? `, ${told(spread(rounds, over(nth, 0, 'perSecond')))} x one` : ''
      return {
        name: `replicas: ${replicas} of fulfillment, ${CONCURRENCY} orders at once in each, LMS takes ${LATENCY_MS} ms`,
        value: `${rate}/s${scale}; up to ${most} calls at once`,
        figures: { turns: rounds.map((round) => round[nth]) },
      }
    })
  } finally {
    await stopAll([...sides, lms])
  }
}
