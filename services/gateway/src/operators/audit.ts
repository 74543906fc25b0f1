import type { Operations } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, callerRoute } from '../http/route.ts'

const count = z.int().min(0)

const report = z
  .looseObject({
    at: z.string(),
    drift: z.int().describe('Records without a recorded fate, over all services. Must be 0.'),
    services: z.array(
      z.looseObject({
        service: z.string(),
        accepted: count,
        done: count,
        suppressed: count,
        dead: count,
        waiting: count,
        inFlight: count,
        unpublished: count.describe('Keys whose decisions are committed but not published yet.'),
        drift: z.int(),
        lost: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'AuditReport' })

/** `GET /v1/audit`: promise 6, looked at record by record. Slow on a long log. */
export const readAudit = (operations: Operations): Route =>
  callerRoute({
    method: 'GET',
    path: '/v1/audit',
    operation: 'readAudit',
    summary:
      'What became of every record: accepted = done + suppressed + dead + waiting + in flight. Reads the whole log.',
    access: ['operate'],
    answers: { 200: { description: 'The report.', schema: report } },
    handle: async () => json(200, await operations.audit()),
  })
