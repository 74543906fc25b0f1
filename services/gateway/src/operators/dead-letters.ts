import { deadLetterClass } from '@commerce-mesh/contracts'
import type { DeadLetter, Operations } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { jsonBody, readQuery } from '../http/json-body.ts'
import { type Route, callerRoute } from '../http/route.ts'

const listQuery = z.strictObject({
  class: deadLetterClass.optional().describe('Why the record was set aside.'),
  service: z.string().min(1).max(64).optional().describe('Service whose handler set it aside.'),
  key: z.string().min(1).max(255).optional().describe('Record key, e.g. an order number.'),
  status: z.enum(['open', 'redriven', 'discarded']).optional().describe('Default: open.'),
  limit: z.coerce.number().int().min(1).max(1_000).optional().describe('Default: 100.'),
})

const summary = z.looseObject({
  id: z.string(),
  status: z.enum(['open', 'redriven', 'discarded']),
  class: deadLetterClass,
  code: z.string(),
  reason: z.string(),
  service: z.string(),
  handler: z.string(),
  key: z.string().nullable(),
  producer: z.string().optional().describe('Who wrote the record, as it says itself.'),
  findings: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .optional()
    .describe('Everything that is wrong with a record of class contract or poison.'),
  attempts: z.int(),
  recordedAt: z.string(),
})

const whole = summary
  .extend({
    record: z.looseObject({
      topic: z.string(),
      value: z.string().nullable().describe('Base64; holds personal data.'),
    }),
  })
  .meta({ id: 'DeadLetter' })

const list = z.strictObject({ deadLetters: z.array(summary.meta({ id: 'DeadLetterSummary' })) })

const discardRequest = z
  .strictObject({ reason: z.string().trim().min(1).max(500).describe('Why; kept with the dead letter.') })
  .meta({ id: 'DiscardRequest' })

/** Without the record, which holds personal data that a list has no need of. */
const summaryOf = ({ record, ...rest }: DeadLetter) => ({
  ...rest,
  record: { topic: record.topic, partition: record.partition, offset: record.offset },
})

const unknown = { 404: { description: 'There is no such dead letter.' } }
const closed = { ...unknown, 409: { description: 'It was redriven or discarded before.' } }

const listLetters = (operations: Operations): Route =>
  callerRoute({
    method: 'GET',
    path: '/v1/dead-letters',
    operation: 'listDeadLetters',
    summary: 'Records that were set aside, without their payloads.',
    access: ['operate'],
    query: listQuery,
    answers: { 200: { description: 'The dead letters that fit.', schema: list } },
    handle: async ({ query }) => {
      const { class: reason, service, key, status, limit } = readQuery(listQuery, query)
      const filter = {
        ...(reason !== undefined && { class: reason }),
        ...(service !== undefined && { service }),
        ...(key !== undefined && { key }),
        ...(status !== undefined && { status }),
        ...(limit !== undefined && { limit }),
      }
      return json(200, { deadLetters: (await operations.deadLetters(filter)).map(summaryOf) })
    },
  })

const readLetter = (operations: Operations): Route =>
  callerRoute({
    method: 'GET',
    path: '/v1/dead-letters/{id}',
    operation: 'readDeadLetter',
    summary: 'One dead letter with its record, which holds personal data.',
    access: ['operate'],
    answers: { 200: { description: 'The dead letter.', schema: whole }, ...unknown },
    handle: async ({ params }) => json(200, await operations.deadLetter(params['id'] ?? '')),
  })

const redriveLetter = (operations: Operations): Route =>
  callerRoute({
    method: 'POST',
    path: '/v1/dead-letters/{id}/redrive',
    operation: 'redriveDeadLetter',
    summary: 'Puts the record back in front of its handler.',
    access: ['operate'],
    answers: { 200: { description: 'It is redriven.', schema: summary }, ...closed },
    handle: async ({ params }, caller) =>
      json(200, summaryOf(await operations.redrive(params['id'] ?? '', caller.name))),
  })

const discardLetter = (operations: Operations, jsonDepth: number): Route =>
  callerRoute({
    method: 'POST',
    path: '/v1/dead-letters/{id}/discard',
    operation: 'discardDeadLetter',
    summary: 'Closes a dead letter for good.',
    access: ['operate'],
    body: jsonBody(discardRequest, jsonDepth),
    answers: { 200: { description: 'It is discarded.', schema: summary }, ...closed },
    handle: async ({ params, body }, caller) =>
      json(200, summaryOf(await operations.discard(params['id'] ?? '', caller.name, body.reason))),
  })

/** What operators do with dead letters over HTTP; scope `operate`. */
export const deadLetterRoutes = (operations: Operations, jsonDepth: number): readonly Route[] => [
  listLetters(operations),
  readLetter(operations),
  redriveLetter(operations),
  discardLetter(operations, jsonDepth),
]
