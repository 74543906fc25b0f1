import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { EngineError } from '@commerce-mesh/engines'
import { isClean } from './check/check.ts'
import { type EngineCluster, startEngines } from './cluster/engines.ts'
import { MUTATIONS } from './mutations/mutations.ts'
import { lastWords } from './report/logs.ts'
import { mutationLine, scenarioLine } from './report/lines.ts'
import { isNoticed, perform, performMutation, worldName } from './run/perform.ts'
import type { Size } from './run/run.ts'
import { SCENARIOS } from './scenarios/scenarios.ts'

// `npm run chaos`: breaks a distributed mesh on real engines in every way that is known, and says what came of it.

const names = [...SCENARIOS.map(({ name }) => name), 'mutations']

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join() },
    kills: { type: 'string' },
    orders: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})

const refuse = (why: string): never => {
  console.error(why)
  process.exit(2)
}

const positive = (text: string | undefined, fallback: number, flag: string): number => {
  const number = Number(text ?? fallback)
  return number > 0 ? number : refuse(`--${flag} takes a number above 0, not '${text}'.`)
}

const only = values.only.split(',')
const stranger = only.find((name) => !names.includes(name))
if (stranger !== undefined) refuse(`There is no scenario '${stranger}'. There are: ${names.join(', ')}.`)

// The store that the tests run on is slow (a few hundred writes a second): so many orders keep it busy and no more.
const ordersPerSecond = positive(values.orders, 6, 'orders')
const pace = { ordersPerSecond, linksPerSecond: 6 }
const size: Size = values.short
  ? { ...pace, kills: positive(values.kills, 8, 'kills'), outages: 1, sleepMs: 15_000, calmMs: 2_000 }
  : { ...pace, kills: positive(values.kills, 50, 'kills'), outages: 5, sleepMs: 60_000, calmMs: 6_000 }

const folder = mkdtempSync(path.join(tmpdir(), 'mesh-chaos-'))
let failed = false

/** Says how a world ended, and shows what its processes said where it did not end well. */
const tell = (line: string, isWell: boolean, worlds: readonly string[], evidence: unknown): void => {
  console.log(line)
  if (isWell) return
  failed = true
  console.error(JSON.stringify(evidence, undefined, 2))
  for (const world of worlds) console.error(lastWords(`${folder}/${world}`))
}

const attempt = async (name: string, worlds: readonly string[], work: () => Promise<void>): Promise<void> => {
  const started = performance.now()
  try {
    await work()
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown
    tell(`FAIL ${name} could not be carried out: ${String(thrown)}`, false, worlds, {})
  }
  console.error(`${name}: ${Math.round((performance.now() - started) / 1_000)} s`)
}

const runScenarios = async (engines: EngineCluster, brokers: 1 | 3): Promise<void> => {
  for (const scenario of SCENARIOS) {
    if (!only.includes(scenario.name) || (scenario.brokers ?? 1) !== brokers) continue
    const world = worldName(scenario.name)
    await attempt(scenario.name, [world], async () => {
      const done = await perform(scenario, { engines, folder, size })
      tell(scenarioLine(scenario.name, done), isClean(done.violations), [world], done.violations)
    })
  }
}

const runMutations = async (engines: EngineCluster): Promise<void> => {
  const quick: Size = { ...size, sleepMs: 10_000, calmMs: 2_000 }
  for (const mutation of MUTATIONS) {
    const { name } = mutation
    const world = worldName(name)
    await attempt(name, [], async () => {
      const broken = await performMutation(mutation, true, { engines, folder, size: quick })
      const control = await performMutation(mutation, false, { engines, folder, size: quick })
      const noticed = isNoticed(mutation, broken)
      const isWell = noticed && isClean(control.violations)
      tell(mutationLine(name, { noticed, broken, control }), isWell, [`${world}whole`], control.violations)
    })
  }
}

const onEngines = async (brokers: 1 | 3, work: (engines: EngineCluster) => Promise<void>): Promise<void> => {
  const engines = await startEngines(`${folder}/engines-${brokers}`, brokers)
  try {
    await work(engines)
  } finally {
    await engines.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

try {
  const isWanted = (brokers: 1 | 3) =>
    SCENARIOS.some(({ name, brokers: needed = 1 }) => only.includes(name) && needed === brokers)
  if (isWanted(1) || only.includes('mutations'))
    await onEngines(1, async (engines) => {
      await runScenarios(engines, 1)
      if (only.includes('mutations')) await runMutations(engines)
    })
  if (isWanted(3)) await onEngines(3, (engines) => runScenarios(engines, 3))
} catch (thrown) {
  if (!(thrown instanceof EngineError)) throw thrown
  console.error(`${thrown.message}\n${thrown.action}`)
  process.exit(thrown.exitCode)
}

if (failed) {
  console.error(`Logs of every process: ${folder}`)
  process.exitCode = 1
} else rmSync(folder, { recursive: true, force: true })
