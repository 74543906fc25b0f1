import path from 'node:path'
import { runMesh } from '../process/mesh-command.ts'
import { withFolder } from '../process/workspace.ts'
import type { Row } from '../report/report.ts'

const TARGET_A_MINUTE = 100_000

type Measured = { readonly events: number; readonly perMinute: number; readonly peakMb: number }

const measure = async (events: number, folder: string): Promise<Measured> => {
  const file = path.join(folder, `${events}.jsonl`)
  await runMesh(['contracts', 'sample', 'order.submitted.v1', '--count', String(events)], file, folder)
  const { code, err, ms, peakMb } = await runMesh(
    ['contracts', 'test', file],
    path.join(folder, 'verdicts'),
    folder,
  )
  if (code !== 0) throw new Error(`mesh contracts test ended with ${code}: ${err}`)
  return { events, perMinute: (events / ms) * 60_000, peakMb }
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
