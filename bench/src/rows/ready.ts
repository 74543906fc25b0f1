import { eventually } from '@commerce-mesh/testing'
import { startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import type { Row } from '../report/report.ts'
import { median } from '../report/statistics.ts'

/** From the start of the process to the first 200 of /readyz, all services in one process. */
export const readyRow = (rounds: number): Promise<Row> =>
  withFolder(async (folder) => {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const started = performance.now()
      const mesh = await startChild('mesh', { data: `${folder}/${round % 2}`, lmsUrl: 'http://127.0.0.1:9' })
      await eventually(async () => (await fetch(`${String(mesh.ready['url'])}/readyz`)).status === 200, {
        what: 'ready',
        timeoutMs: 10_000,
      })
      times.push(performance.now() - started)
      await mesh.stop()
    }
    const middle = median(times)
    return {
      name: 'start to ready',
      value: `${middle.toFixed(0)} ms`,
      target: '< 1500 ms',
      reached: middle < 1500,
      figures: { times },
    }
  })
