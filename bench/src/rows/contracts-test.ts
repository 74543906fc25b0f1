import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { withFolder } from '../process/workspace.ts'
import type { Row } from '../report/report.ts'

const MAIN = path.resolve(import.meta.dirname, '../../../packages/cli/src/main.ts')

/** Says at its end how much memory a process had at most, in KiB. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>console.error(`peak ${process.resourceUsage().maxRSS}`))'

const TARGET_A_MINUTE = 100_000

type Ended = { readonly code: number; readonly err: string; readonly ms: number }

/** Runs `mesh WORDS`, with what it prints in a file. */
const mesh = async (words: readonly string[], output: string, cwd: string): Promise<Ended> => {
  const started = performance.now()
  const out = fs.openSync(output, 'w')
  const child = spawn(process.execPath, ['--import', TELL_MEMORY, MAIN, ...words], {
    cwd,
    stdio: ['ignore', out, 'pipe'],
  })
  fs.closeSync(out)
  const said = child.stderr === null ? '' : text(child.stderr)
  const [err, [code]] = await Promise.all([said, once(child, 'close') as Promise<[number]>])
  return { code, err, ms: performance.now() - started }
}

type Measured = { readonly events: number; readonly perMinute: number; readonly peakMb: number }

const measure = async (events: number, folder: string): Promise<Measured> => {
  const file = path.join(folder, `${events}.jsonl`)
  await mesh(['contracts', 'sample', 'order.submitted.v1', '--count', String(events)], file, folder)
  const { code, err, ms } = await mesh(['contracts', 'test', file], path.join(folder, 'verdicts'), folder)
  if (code !== 0) throw new Error(`mesh contracts test ended with ${code}: ${err}`)
  const peak = Number(/^peak (\d+)$/m.exec(err)?.[1])
  return { events, perMinute: (events / ms) * 60_000, peakMb: peak / 1_024 }
}

const thousands = (count: number): string => Math.round(count).toLocaleString('en-US')

/** Events that `mesh contracts test` judges in a minute on one core, from the start of the process to its end; and its memory. */
export const contractsTestRow = (sizes: readonly number[]): Promise<Row> =>
  withFolder(async (folder) => {
    const measured: Measured[] = []
    for (const events of sizes) measured.push(await measure(events, folder))
    const rate = Math.min(...measured.map(({ perMinute }) => perMinute))
    const memory = measured.map(({ events, peakMb }) => `${peakMb.toFixed(0)} MB over ${thousands(events)}`)
    return {
      name: 'contracts test, events a minute',
      value: `${thousands(rate)}; at most ${memory.join(', ')}`,
      target: `>= ${thousands(TARGET_A_MINUTE)}`,
      reached: rate >= TARGET_A_MINUTE,
      figures: { measured },
    }
  })
