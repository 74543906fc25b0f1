import type { Row } from '../../report/report.ts'
import { contest, of, over, spread, stopAll, told } from './contest.ts'
import type { Bench } from './kafka.ts'
import { type Side, bareSide, meshSide } from './side.ts'
import { startStub, urlOf } from './turn.ts'

const TARGET = 0.8

/** One way to drain: how long the LMS takes for a call, and how many orders are handled at once. */
type Scene = {
  readonly latencyMs: number
  readonly concurrency: number
  readonly orders: number
  readonly rounds: number
}

const drainRow = async (bench: Bench, scene: Scene): Promise<Row> => {
  const { latencyMs, concurrency } = scene
  const lms = await startStub(latencyMs)
  const sides: Side[] = []
  try {
    const name = `drain ${latencyMs} ${concurrency}`
    sides.push(await meshSide(bench, urlOf(lms), { name, concurrency }))
    sides.push(await bareSide(bench, urlOf(lms), `${latencyMs}-${concurrency}`, concurrency))
    const rounds = await contest(
      lms,
      sides.map((side) => ({ side })),
      { ...scene, warmUp: 2_000 },
    )
    const ratio = spread(rounds, over(0, 1, 'perSecond'))
    const cpu = [0, 1].map((nth) => spread(rounds, of(nth, 'cpuMs')).middle.toFixed(2))
    const rate = [0, 1].map((nth) => spread(rounds, of(nth, 'perSecond')).middle.toFixed(0))
    return {
      name: `drain on Kafka, LMS takes ${latencyMs} ms a call, ${concurrency} orders at once`,
      value: `${told(ratio)} of bare kafkajs + undici (${rate[0]}/s of ${rate[1]}/s; ${cpu[0]} ms CPU an order against ${cpu[1]})`,
      ...(latencyMs > 0 && { target: `>= ${TARGET}`, reached: ratio.middle >= TARGET }),
      figures: { rounds },
    }
  } finally {
    await stopAll([...sides, lms])
  }
}

/** Orders that wait in the log, until the LMS has them all, against a bare loop; interleaved pairs. */
export const drainRows = async (bench: Bench, quick: boolean): Promise<Row[]> => {
  const rounds = quick ? 3 : 9
  const share = quick ? 0.5 : 1
  const scenes = [
    { latencyMs: 20, concurrency: 16, orders: 1_600 * share, rounds },
    { latencyMs: 20, concurrency: 64, orders: 5_000 * share, rounds },
    { latencyMs: 0, concurrency: 64, orders: 5_000 * share, rounds },
  ]
  const rows: Row[] = []
  for (const scene of scenes) rows.push(await drainRow(bench, scene))
  return rows
}
