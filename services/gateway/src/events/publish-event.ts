import { EventFormatError } from '@commerce-mesh/contracts'
import { knownId } from '@commerce-mesh/mesh'
import type { Metrics, ServiceContext } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { json } from '../http/answer.ts'
import { type Route, callerRoute } from '../http/route.ts'
import { type AdmissionRules, admitEvent } from './admit-event.ts'
import { eventBody, eventHeaders } from './event-body.ts'
import { broken } from './event-refusal.ts'
import { readSentEvent } from './sent-event.ts'

/** What publishing for callers needs of the runtime. */
export type PublishParts = AdmissionRules & {
  readonly publish: ServiceContext<unknown>['publish']
  readonly metrics: Metrics
  readonly jsonDepth: number
}

const published = z
  .strictObject({
    eventId: z.string().describe('The event’s own id.'),
    knownAs: z
      .string()
      .describe('The id that the mesh knows it by, with its source and name: what `mesh trace` takes.'),
    type: z.string(),
    key: z.string().describe('Record key, as the contract makes it of the data: an order number, say.'),
  })
  .meta({ id: 'EventPublished' })

/** Rules that show only in the whole event, such as a key that can be no subject. @throws Refusal 422 */
const asCallersFault = (thrown: unknown): unknown =>
  thrown instanceof EventFormatError ? broken(thrown.findings) : thrown

/** `POST /v1/events`: 202 once the event is durable, under its own id and the caller's name. */
export const publishEvent = ({ publish, metrics, jsonDepth, ...rules }: PublishParts): Route =>
  callerRoute({
    method: 'POST',
    path: '/v1/events',
    operation: 'publishEvent',
    summary:
      'Publishes one CloudEvent of the caller, in binary or structured mode. Answers once it is durable. Sending the same again is safe: readers drop an event whose id they know.',
    access: ['events:write'],
    headers: eventHeaders,
    body: eventBody,
    answers: { 202: { description: 'The event is durable.', schema: published } },
    handle: async ({ body, headerLines, traceparent }, caller) => {
      const sent = readSentEvent(headerLines(), body, jsonDepth)
      const { contract, data, ...stamp } = admitEvent(sent, caller.name, rules)
      try {
        await publish(contract, data, { ...stamp, traceparent })
      } catch (thrown) {
        throw asCallersFault(thrown)
      }
      metrics.count('mesh_accepted_total', { type: contract.type, channel: 'events' })
      const knownAs = knownId(stamp, contract.name)
      return json(202, { eventId: stamp.id, knownAs, type: contract.type, key: contract.key(data) })
    },
  })
