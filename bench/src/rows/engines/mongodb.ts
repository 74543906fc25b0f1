import type { Row } from '../../report/report.ts'
import { contest, of, over, spread, stopAll, told } from './contest.ts'
import type { Bench } from './kafka.ts'
import { type Side, meshSide } from './side.ts'
import { startStub, urlOf } from './turn.ts'

/** Server that speaks MongoDB's protocol, `mongodb://…`; one that is fast enough for figures. */
const MONGODB_VARIABLE = 'MESH_BENCH_MONGODB'

/** What the server is, for the table. */
const LABEL_VARIABLE = 'MESH_BENCH_MONGODB_LABEL'

const CONCURRENCY = 64
const LATENCIES_MS = [20, 0]

const skipped: Row = {
  name: 'store on MongoDB against SQLite',
  value: `not measured: ${MONGODB_VARIABLE} names no server`,
  figures: {},
}

/** The same drain with the state in MongoDB's protocol instead of a file. */
export const mongodbRows = async (bench: Bench, quick: boolean): Promise<Row[]> => {
  const url = process.env[MONGODB_VARIABLE] ?? ''
  if (url === '') return [skipped]
  const label = process.env[LABEL_VARIABLE] ?? 'a server of unknown make'
  const database = `bench_${process.pid}`
  const store = { driver: 'mongodb', mongodb: { url, database, timeoutMs: 10_000 } }
  const rows: Row[] = []
  for (const latencyMs of LATENCIES_MS) {
    const lms = await startStub(latencyMs)
    const sides: Side[] = []
    try {
      const name = `store ${latencyMs}`
      const shared = { concurrency: CONCURRENCY }
      sides.push(
        await meshSide(bench, urlOf(lms), { name: `${name} mongodb`, ...shared, settings: { store } }),
      )
      sides.push(await meshSide(bench, urlOf(lms), { name: `${name} sqlite`, ...shared }))
      const rounds = await contest(
        lms,
        sides.map((side) => ({ side })),
        {
          orders: quick ? 1_000 : 3_000,
          concurrency: CONCURRENCY,
          rounds: quick ? 2 : 5,
          warmUp: quick ? 500 : 1_500,
        },
      )
      const rate = [0, 1].map((nth) => spread(rounds, of(nth, 'perSecond')).middle.toFixed(0))
      const cpu = [0, 1].map((nth) => spread(rounds, of(nth, 'cpuMs')).middle.toFixed(2))
      rows.push({
        name: `store on MongoDB protocol (${label}), LMS takes ${latencyMs} ms, ${CONCURRENCY} orders at once`,
        value: `${told(spread(rounds, over(0, 1, 'perSecond')))} of SQLite (${rate[0]}/s of ${rate[1]}/s; ${cpu[0]} ms CPU an order against ${cpu[1]}, the server's own not counted)`,
        figures: { label, rounds },
      })
    } finally {
      await stopAll([...sides, lms])
    }
  }
  return rows
}
