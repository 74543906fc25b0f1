import { defineEvent, upcastFrom } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import { z } from 'zod'
import { baselineOf } from '../publish/baseline.ts'
import type { Baseline, PublishedFile } from '../publish/baseline.ts'
import { planPublication } from '../publish/plan.ts'
import type { Reader } from '../readers/readers.ts'

const WHOLE = { order: 'O-1', buyer: { mail: 'a@b.example', name: 'A' }, size: 'm' }

/** A contract of a shop, as it was published. */
export const parcelData = z.strictObject({
  order: z.string().min(1),
  buyer: z.strictObject({ mail: z.string(), name: z.string() }),
  size: z.enum(['s', 'm']),
})

/** The contract with other data; `example` stands in where the published one does not fit. */
export const parcel = (data: z.ZodType = parcelData, example: object = WHOLE): EventContract =>
  defineEvent({
    name: 'parcel.sent',
    version: 1,
    owner: 'shop',
    summary: 'A parcel was sent.',
    key: (sent) => (sent as { order: string }).order,
    data,
    examples: [example],
  })

/** Its next major version, which the older one is upcast to. */
export const parcelTwo = (map: (sent: unknown) => unknown): EventContract =>
  defineEvent({
    name: 'parcel.sent',
    version: 2,
    owner: 'shop',
    summary: 'A parcel was sent.',
    key: ({ order }) => order,
    data: z.strictObject({ order: z.string().min(1), to: z.string() }),
    examples: [{ order: 'O-1', to: 'A' }],
    upcast: upcastFrom(parcel(), map as (sent: unknown) => { order: string; to: string }),
  })

/** What publishing writes for contracts where nothing was published. */
export const filesOf = (...contracts: readonly EventContract[]): readonly PublishedFile[] =>
  planPublication(contracts, new Map()).flatMap(({ files }) => files)

/** Contracts as they are published. */
export const published = (...contracts: readonly EventContract[]): Baseline =>
  baselineOf(filesOf(...contracts))

/** Two handlers and somebody outside who read it. */
export const READERS: readonly Reader[] = [
  {
    service: 'mail',
    handler: 'tell-buyer',
    type: 'parcel.sent.v1',
    reads: ['buyer.mail'],
    routes: [{ where: 'mesh.yaml:4:5', fields: ['size', 'buyer.name'] }],
  },
  {
    service: 'board',
    handler: 'count',
    type: 'parcel.sent.v1',
    reads: ['order'],
    routes: [{ where: 'default', fields: [] }],
  },
  { service: 'partner', type: 'parcel.sent.v1', reads: 'unknown', routes: [] },
  { service: 'other', handler: 'deaf', type: 'parcel.lost.v1', reads: 'unknown', routes: [] },
]
