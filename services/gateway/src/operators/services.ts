import type { Operations } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, callerRoute } from '../http/route.ts'

const count = z.int().min(0)

const progress = z
  .strictObject({
    services: z.array(
      z.strictObject({
        service: z.string(),
        lag: count.describe('Records behind the offsets that its group has committed.'),
        waiting: count.describe('Keys whose records wait for a retry.'),
        unpublished: count.describe('Keys whose decisions are committed but not published yet.'),
      }),
    ),
  })
  .meta({ id: 'Progress' })

/** `GET /v1/services`: how far each service of the mesh is, over all its replicas, wherever they run. */
export const readServices = (operations: Operations): Route =>
  callerRoute({
    method: 'GET',
    path: '/v1/services',
    operation: 'readServices',
    summary: 'How far each service is: records behind, keys that wait, keys that are not published yet.',
    access: ['operate'],
    answers: { 200: { description: 'One entry for each service of the mesh.', schema: progress } },
    handle: async () => json(200, { services: await operations.progress() }),
  })
