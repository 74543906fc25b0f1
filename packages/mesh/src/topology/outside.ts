import { type ProducerGrants, isUriReference } from '@commerce-mesh/contracts'
import { z } from 'zod'

const producer = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(255)
    .refine(isUriReference, 'must be an RFC 3986 URI-reference, such as /example-shop: no event has another')
    .describe(
      'CloudEvents `source` of what it publishes, such as `/example-shop`. Over HTTP: a slash and the name of the caller.',
    ),
  emits: z
    .array(z.string().min(1))
    .min(1)
    .describe('Event types with their versions that it may publish, such as `order.submitted.v1`.'),
})

/** Section `producers` of mesh.yaml. */
export const producersSchema = z
  .array(producer)
  .default([])
  .describe(
    'Who may publish events besides the services that own them: vendors who write to topics, or call POST /v1/events. Events of anybody else become dead letters.',
  )

/** One producer as mesh.yaml writes it. */
export type ProducerSettings = z.output<typeof producer>

const consumer = z.strictObject({
  name: z.string().min(1).max(100).describe('What they are called, such as `warehouse`.'),
  reads: z.array(z.string().min(1)).min(1).describe('Event types with their versions that they read.'),
})

/** Section `consumers` of mesh.yaml. */
export const consumersSchema = z
  .array(consumer)
  .default([])
  .describe(
    'Who reads events outside of the mesh, from Kafka. Nothing is done with it: the graph shows them, and `mesh validate` and `mesh contracts check` count them in.',
  )

/** One consumer as mesh.yaml writes it. */
export type ConsumerSettings = z.output<typeof consumer>

/** Which event types others than their owners may emit, by source. */
export const grantsOf = (producers: readonly ProducerSettings[]): ProducerGrants =>
  new Map(
    [...Map.groupBy(producers, ({ source }) => source)].map(([source, listed]) => [
      source,
      new Set(listed.flatMap(({ emits }) => emits)),
    ]),
  )
