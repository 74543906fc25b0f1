import { startChild } from '../../process/child.ts'
import type { Row } from '../../report/report.ts'
import { type Contestant, contest, of, over, spread, stopAll, told } from './contest.ts'
import type { Bench } from './kafka.ts'
import { bareSide, busOnlySide, meshSide } from './side.ts'
import { startStub, urlOf } from './turn.ts'

const CONCURRENCY = 64

/** What each part adds to the line above it; the first line is the reference of all. */
const LINES = [
  'bare kafkajs + undici',
  '+ order per key, contiguous commits, contracts, LMS errors told apart',
  '+ inbox, state and outbox, committed with an fsync; events published',
  '+ journal: the mesh as it is',
  '+ telemetry, 10 % of the traces kept',
  '+ telemetry, all traces kept',
]

/** The same drain with the parts that keep the promises put back one by one, the LMS answering at once. */
export const promiseRows = async (bench: Bench, quick: boolean): Promise<Row[]> => {
  const lms = await startStub(0)
  const sink = await startChild('otlp-sink', {})
  const contestants: Contestant[] = []
  const url = urlOf(lms)
  const mesh = (name: string, settings: Readonly<Record<string, unknown>> = {}) =>
    meshSide(bench, url, { name, concurrency: CONCURRENCY, settings })
  const telemetry = { endpoint: String(sink.ready['url']) }
  try {
    contestants.push({ side: await bareSide(bench, url, 'promises', CONCURRENCY) })
    contestants.push({ side: await busOnlySide(bench, url, CONCURRENCY) })
    contestants.push({ side: await mesh('no journal', { journaled: false }) })
    contestants.push({ side: await mesh('journal') })
    contestants.push({ side: await mesh('telemetry 10', { telemetry }), sampled: 0.1 })
    contestants.push({ side: await mesh('telemetry 100', { telemetry }), sampled: 1 })
    const rounds = await contest(lms, contestants, {
      orders: quick ? 2_000 : 4_000,
      concurrency: CONCURRENCY,
      rounds: quick ? 3 : 7,
      warmUp: quick ? 1_000 : 2_000,
    })
    return LINES.map((line, nth): Row => {
      const rate = spread(rounds, of(nth, 'perSecond')).middle.toFixed(0)
      const cpu = spread(rounds, of(nth, 'cpuMs')).middle.toFixed(2)
      const added = nth > 0 && spread(rounds, over(nth, nth - 1, 'cpuMs'))
      return {
        name: `cost: ${line}`,
        value: `${rate}/s, ${cpu} ms CPU an order${added === false ? '' : `, ${told(added)} x the line above`}`,
        figures: { turns: rounds.map((round) => round[nth]) },
      }
    })
  } finally {
    await stopAll([...contestants.map(({ side }) => side), lms, sink])
  }
}
