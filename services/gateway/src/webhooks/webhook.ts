import type { EventContract } from '@commerce-mesh/contracts'
import type { Metrics, ServiceContext, Source, SourceRequest } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { type Answer, json } from '../http/answer.ts'
import { readJson } from '../http/json-body.ts'
import type { Log } from '../http/log.ts'
import { demandPlain } from '../http/media-type.ts'
import { type BodyReader, type Exchange, type Route, openRoute } from '../http/route.ts'
import { type Refusal, invalid } from '../problem/refusal.ts'
import { publicationsOf } from './publications.ts'
import { hasSecret, isSigned, readingOf } from './source-call.ts'

/** A source with its options, as the edge serves it. */
export type Webhook = {
  readonly source: Source
  readonly options: unknown
  /** Name of the operation, for clients made from /openapi.json. */
  readonly operation: string
  readonly summary: string
  /** Who sends, for people: `Stripe`. */
  readonly title: string
  /** What its bodies look like, for /openapi.json. */
  readonly schema: z.ZodType
  /** Security scheme of /openapi.json. */
  readonly scheme: 'stripeSignature' | 'webhookSignature'
  /** Whoever has no secret, or another one. `request` is absent where there is no secret to check it with. */
  refuse(request: SourceRequest | undefined, now: Date): Refusal
}

/** What webhooks need of the runtime. */
export type WebhookParts = {
  readonly publish: ServiceContext<unknown>['publish']
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => Date
  /** Every contract that the mesh knows, by type. */
  readonly contracts: ReadonlyMap<string, EventContract>
  readonly jsonDepth: number
}

const received = z
  .strictObject({
    received: z.literal(true),
    eventId: z.string().optional().describe('Id of the event that the notification came to.'),
    eventIds: z.array(z.string()).optional().describe('Where it came to several.'),
    ignored: z.string().optional().describe('Why the notification came to none.'),
  })
  .meta({ id: 'NotificationReceived' })

/** Most errors of a notification that are shown. */
const MOST_ERRORS = 50

/** A word, as metrics take it: whatever else a source says may be made of the body. */
const wordOf = (reason: string): string => (/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(reason) ? reason : 'unnamed')

const ignore = ({ metrics, log }: WebhookParts, source: string, said: string): Answer => {
  const reason = wordOf(said)
  metrics.count('mesh_webhook_ignored_total', { source, reason })
  log.info({ source, reason }, 'a notification came to no event and was ignored')
  return json(200, { received: true, ignored: reason })
}

const answerOf = (ids: readonly string[]): Answer =>
  json(200, { received: true, ...(ids.length === 1 ? { eventId: ids[0] } : { eventIds: ids }) })

/** The signature is over the bytes as they came, so nothing may be read out of them before it is checked. */
const rawBody = (schema: z.ZodType): BodyReader<Buffer> => ({
  schema,
  accept: demandPlain,
  decode: (bytes) => bytes,
})

const demandSignature = (webhook: Webhook, request: SourceRequest, now: Date): void => {
  const { source, options } = webhook
  if (!hasSecret(source, options)) throw webhook.refuse(undefined, now)
  if (!isSigned(source, options, request, now)) throw webhook.refuse(request, now)
}

const take = async (
  webhook: Webhook,
  parts: WebhookParts,
  { body, headers, traceparent }: Exchange<Buffer>,
): Promise<Answer> => {
  const { source, options, title } = webhook
  demandSignature(webhook, { headers, body }, parts.now())
  const reading = readingOf(source, options, readJson(body, parts.jsonDepth))
  if ('ignored' in reading) return ignore(parts, source.name, reading.ignored)
  if ('errors' in reading)
    throw invalid(`The notification is not what ${title} documents.`, reading.errors.slice(0, MOST_ERRORS))
  const publications = publicationsOf(source, reading.events, parts.contracts)
  if (publications.length === 0) return ignore(parts, source.name, 'no-events')
  // One after the other: events of one key keep the order that the source gave them.
  for (const { contract, data, ...stamp } of publications) {
    await parts.publish(contract, data, { ...stamp, traceparent })
    parts.metrics.count('mesh_accepted_total', { type: contract.type, channel: source.name })
  }
  return answerOf(publications.map(({ id }) => id))
}

/**
 * `POST /webhooks/{source}`: 2xx only when every event of the notification is durable or there is nothing to keep; providers
 * send again otherwise, and it is the same events then.
 */
export const webhookRoute = (webhook: Webhook, parts: WebhookParts): Route =>
  openRoute({
    method: 'POST',
    path: `/webhooks/${webhook.source.name}`,
    operation: webhook.operation,
    summary: webhook.summary,
    access: 'signature',
    scheme: webhook.scheme,
    body: rawBody(webhook.schema),
    answers: {
      200: { description: 'Its events are durable, or there is nothing to keep.', schema: received },
    },
    handle: (exchange) => take(webhook, parts, exchange),
  })
