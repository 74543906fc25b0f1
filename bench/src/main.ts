import { EngineError } from '@commerce-mesh/engines'
import { parseArgs } from 'node:util'
import { type Row, printTable, writeResults } from './report/report.ts'
import { checksRow } from './rows/checks.ts'
import { contractsTestRow } from './rows/contracts-test.ts'
import { drainRow, slowLmsRow } from './rows/drain.ts'
import { engineMeasurements } from './rows/engines/measurements.ts'
import { idleLatencyRow } from './rows/idle-latency.ts'
import { intakeRows } from './rows/intake.ts'
import { readyRow } from './rows/ready.ts'
import { storedRows } from './rows/stored.ts'
import { telemetryRows } from './rows/telemetry.ts'

const HELP = `npm run bench [-- --quick] [-- --only intake,idle,drain,slow,ready,stored,telemetry,contracts,checks]
npm run bench -- --engines [--quick] [--outage-seconds N] [--only drain,promises,latency,replicas,mongodb,outage]
Measures the mesh against bare loops, in turns, in one run. Ratios count; absolute figures are this machine's.
--quick takes fewer rounds and 5,000 stored orders instead of 200,000.
--engines measures on a real Kafka, which is fetched and started; the LMS is down for 300 s (--quick: 20).
MESH_BENCH_MONGODB=mongodb://… is the server of the measurement 'mongodb'.`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    help: { type: 'boolean' },
    engines: { type: 'boolean' },
    'outage-seconds': { type: 'string' },
  },
})
const quick = values.quick === true
const outage = values['outage-seconds']

const embedded: Readonly<Record<string, () => Promise<Row[]>>> = {
  intake: () => intakeRows(quick ? 2 : 9, 1_500),
  idle: async () => [await idleLatencyRow(quick ? 100 : 500)],
  drain: async () => [await drainRow(quick ? 2 : 5, quick ? 1_000 : 4_000)],
  slow: async () => [await slowLmsRow(64, quick ? 4 : 10)],
  ready: async () => [await readyRow(quick ? 3 : 7)],
  stored: () => storedRows(quick ? 5_000 : 200_000, quick ? 3 : 7),
  telemetry: () => telemetryRows(quick ? 5 : 25, 400),
  checks: async () => [await checksRow(quick ? 3 : 9)],
  contracts: async () => [await contractsTestRow(quick ? [100_000] : [100_000, 1_000_000])],
}

const measurements =
  values.engines === true
    ? engineMeasurements({ quick, ...(outage !== undefined && { outageSeconds: Number(outage) }) })
    : embedded
const chosen = values.only?.split(',') ?? Object.keys(measurements)
const unknown = chosen.filter((name) => !(name in measurements))

if (values.help === true) console.log(HELP)
else if (unknown.length > 0) {
  console.error(
    `There is no measurement '${unknown.join(', ')}'. There are: ${Object.keys(measurements).join(', ')}.`,
  )
  process.exitCode = 2
} else {
  const rows: Row[] = []
  try {
    for (const name of chosen) {
      console.error(`measuring ${name} …`)
      rows.push(...((await measurements[name]?.()) ?? []))
    }
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown
    console.error(`${thrown.message}\n${thrown.action}`)
    process.exitCode = thrown.exitCode
  } finally {
    // A long run that fails near its end has measured something all the same.
    if (rows.length > 0) {
      printTable(rows)
      console.log(`\nfigures: ${writeResults(rows)}`)
    }
  }
}
