import type { Health } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, openRoute } from '../http/route.ts'

const ready = z
  .strictObject({
    ready: z.boolean(),
    problems: z.record(z.string(), z.string()),
    notes: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Readiness' })

/** `/healthz`: the process answers. Says nothing of engines, so that a broker's failure does not restart every gateway. */
export const healthz = (): Route =>
  openRoute({
    method: 'GET',
    path: '/healthz',
    operation: 'alive',
    summary: 'Whether the process answers.',
    access: 'public',
    answers: { 200: { description: 'It does.', schema: z.strictObject({ alive: z.literal(true) }) } },
    handle: () => json(200, { alive: true }),
  })

/** `/readyz`: whether traffic may come; 503 names what is wrong. */
export const readyz = (health: Health): Route =>
  openRoute({
    method: 'GET',
    path: '/readyz',
    operation: 'ready',
    summary: 'Whether this process may take traffic.',
    access: 'public',
    answers: {
      200: { description: 'It may.', schema: ready },
      503: { description: 'It may not; problems says why.', schema: ready, type: 'application/json' },
    },
    handle: async () => {
      const readiness = await health.readiness()
      return readiness.ready ? json(200, readiness) : json(503, readiness, { 'retry-after': '5' })
    },
  })
