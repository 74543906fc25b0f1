import { eventually, startSandboxLms } from '@commerce-mesh/testing'
import { connect } from '../load/http-client.ts'
import { orderBody } from '../load/orders.ts'
import { startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import type { Row } from '../report/report.ts'
import { quantile } from '../report/statistics.ts'
import { watchArrivals } from './lms-watch.ts'

/** From the first byte of the POST to the arrival of the order's first call at the LMS, one order at a time. */
export const idleLatencyRow = (orders: number): Promise<Row> =>
  withFolder(async (folder) => {
    const lms = await startSandboxLms({ throttle: false, autoCreate: true })
    const watch = await watchArrivals(lms.url)
    const mesh = await startChild('mesh', { data: folder, lmsUrl: watch.url })
    const connection = await connect(Number(new URL(String(mesh.ready['url'])).port))
    const latencies: number[] = []
    try {
      for (let nth = 0; nth < orders + 20; nth++) {
        const seen = watch.arrivals.length
        const effects = lms.effects().length
        const sent = performance.now()
        await connection.post('/v1/orders', orderBody('IDLE', nth))
        await eventually(() => watch.arrivals.length > seen && lms.effects().length > effects, {
          what: 'the order reaches the LMS',
          timeoutMs: 10_000,
        })
        if (nth >= 20) latencies.push((watch.arrivals[seen] ?? Number.NaN) - sent)
      }
    } finally {
      connection.close()
      await mesh.stop()
      await watch.close()
      await lms.close()
    }
    const p50 = quantile(latencies, 0.5)
    return {
      name: 'POST to first LMS call, idle',
      value: `p50 ${p50.toFixed(2)} ms, p99 ${quantile(latencies, 0.99).toFixed(2)} ms`,
      target: 'p50 <= 5 ms',
      reached: p50 <= 5,
      figures: { latencies },
    }
  })
