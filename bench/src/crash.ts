import { parseArgs } from 'node:util'
import { killAtRandom } from './crash/crash-run.ts'
import { withFolder } from './process/workspace.ts'

// `npm run crash -- --kills 100`: the long form of what `npm test` does with a few kills.

const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' } } })
const kills = Number(values.kills)
if (!Number.isInteger(kills) || kills < 1) {
  console.error(`--kills takes a whole number from 1, not '${values.kills}'.`)
  process.exit(2)
}

const started = performance.now()
const result = await withFolder((folder) =>
  killAtRandom(folder, kills, Math.random, (nth) => {
    if (nth % 10 === 0) console.error(`${nth} of ${kills} kills`)
  }),
)
const { lost, doubled, wrong, drift, accepted, unsure } = result
console.log(
  `${kills} SIGKILLs under load in ${((performance.now() - started) / 1000).toFixed(0)} s: ${accepted} orders answered 2xx, ${unsure} without an answer; ` +
    `${lost.length} lost, ${doubled.length} doubled, ${wrong.length} wrongly enrolled, audit drift ${drift}`,
)
if (lost.length + doubled.length + wrong.length + drift > 0) {
  console.error(JSON.stringify(result, null, 2))
  process.exitCode = 1
}
