import type { Row } from '../../report/report.ts'
import { drainRows } from './drain.ts'
import { type Bench, withKafka } from './kafka.ts'
import { latencyRows } from './latency.ts'
import { mongodbRows } from './mongodb.ts'
import { outageRows } from './outage.ts'
import { promiseRows } from './promises.ts'
import { replicaRows } from './replicas.ts'

const OUTAGE_SECONDS = 300
const QUICK_OUTAGE_SECONDS = 20

/** How the engines are measured. */
export type EnginesPlan = {
  readonly quick: boolean
  /** How long the LMS is down, in seconds. Default: 300, or 20 when quick. */
  readonly outageSeconds?: number
}

const ALL: Readonly<Record<string, (bench: Bench, plan: EnginesPlan) => Promise<Row[]>>> = {
  drain: (bench, { quick }) => drainRows(bench, quick),
  promises: (bench, { quick }) => promiseRows(bench, quick),
  latency: (bench, { quick }) => latencyRows(bench, quick),
  replicas: (bench, { quick }) => replicaRows(bench, quick),
  mongodb: (bench, { quick }) => mongodbRows(bench, quick),
  outage: (bench, { quick, outageSeconds = quick ? QUICK_OUTAGE_SECONDS : OUTAGE_SECONDS }) =>
    outageRows(bench, outageSeconds),
}

/** Measurements on real engines, each on a Kafka of its own, by name. */
export const engineMeasurements = (plan: EnginesPlan): Readonly<Record<string, () => Promise<Row[]>>> =>
  Object.fromEntries(
    Object.entries(ALL).map(([name, measure]) => [
      name,
      async () => {
        const rows = await withKafka((bench) => measure(bench, plan))
        // The whole takes twenty minutes; whoever waits wants to see how it goes.
        for (const { name: what, value } of rows) console.error(`  ${what}: ${value}`)
        return rows
      },
    ]),
  )
