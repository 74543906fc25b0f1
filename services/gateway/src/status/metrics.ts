import type { Metrics } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type Route, openRoute } from '../http/route.ts'

/** `/metrics`: Prometheus text. Holds no personal data; keep it off the public network all the same. */
export const readMetrics = (metrics: Metrics): Route =>
  openRoute({
    method: 'GET',
    path: '/metrics',
    operation: 'readMetrics',
    summary: 'Metrics in Prometheus’ text form.',
    access: 'public',
    answers: { 200: { description: 'The metrics.', schema: z.string(), type: 'text/plain' } },
    handle: async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
  })
