import path from 'node:path'
import { runMesh } from '../process/mesh-command.ts'
import { withFolder } from '../process/workspace.ts'
import type { Row } from '../report/report.ts'
import { median } from '../report/statistics.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const CONFIG = ['--config', 'examples/certificate-printer/mesh.yaml']
const TARGET_MS = 1_000

/**
 * `mesh validate` and `mesh graph` on all our services, a plugin and a route, one after the other, warm: from the start of the first
 * process to the end of the second.
 */
export const checksRow = (rounds: number): Promise<Row> =>
  withFolder(async (folder) => {
    const output = path.join(folder, 'out')
    const times: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const validate = await runMesh(['validate', ...CONFIG], output, ROOT)
      const graph = await runMesh(['graph', ...CONFIG], output, ROOT)
      if (graph.code !== 0) throw new Error(`mesh graph ended with ${graph.code}: ${graph.err}`)
      // The first round fills the compile cache.
      if (round > 0) times.push(validate.ms + graph.ms)
    }
    const middle = median(times)
    return {
      name: 'validate and graph, warm',
      value: `${middle.toFixed(0)} ms`,
      target: `< ${TARGET_MS} ms`,
      reached: middle < TARGET_MS,
      figures: { times },
    }
  })
