import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, openRoute } from '../http/route.ts'

const LINKS = {
  orders: '/v1/orders',
  openapi: '/openapi.json',
  health: '/healthz',
  readiness: '/readyz',
  metrics: '/metrics',
}

/** `/`: where to go from here. */
export const readLinks = (): Route =>
  openRoute({
    method: 'GET',
    path: '/',
    operation: 'readLinks',
    summary: 'What this is, and where to go from here.',
    access: 'public',
    answers: {
      200: {
        description: 'Links.',
        schema: z.looseObject({ name: z.string(), links: z.record(z.string(), z.string()) }),
      },
    },
    handle: () => json(200, { name: 'Commerce Mesh gateway', links: LINKS }),
  })
