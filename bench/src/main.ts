import { parseArgs } from 'node:util'
import { type Row, printTable, writeResults } from './report/report.ts'
import { drainRow, slowLmsRow } from './rows/drain.ts'
import { idleLatencyRow } from './rows/idle-latency.ts'
import { intakeRows } from './rows/intake.ts'
import { readyRow } from './rows/ready.ts'
import { storedRows } from './rows/stored.ts'

const HELP = `npm run bench [-- --quick] [-- --only intake,idle,drain,slow,ready,stored]
Measures the mesh against bare loops, in turns, in one run. Ratios count; absolute figures are this machine's.
--quick takes fewer rounds and 5,000 stored orders instead of 200,000.`

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
})
const quick = values.quick === true

const measurements: Readonly<Record<string, () => Promise<Row[]>>> = {
  intake: () => intakeRows(quick ? 2 : 9, 1_500),
  idle: async () => [await idleLatencyRow(quick ? 100 : 500)],
  drain: async () => [await drainRow(quick ? 2 : 5, quick ? 1_000 : 4_000)],
  slow: async () => [await slowLmsRow(64, quick ? 4 : 10)],
  ready: async () => [await readyRow(quick ? 3 : 7)],
  stored: () => storedRows(quick ? 5_000 : 200_000, quick ? 3 : 7),
}

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
  for (const name of chosen) {
    console.error(`measuring ${name} …`)
    rows.push(...((await measurements[name]?.()) ?? []))
  }
  printTable(rows)
  console.log(`\nfigures: ${writeResults(rows)}`)
}
