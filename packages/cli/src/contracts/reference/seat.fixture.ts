import { defineEvent, upcastFrom } from '@commerce-mesh/contracts'
import { type DeclaredService, handles } from '@commerce-mesh/mesh'
import { z } from 'zod'

const anything = () => true

/** An event with one of everything, among it what must be escaped. */
export const seatReserved = defineEvent({
  name: 'seat.reserved',
  version: 1,
  owner: 'shop',
  summary: 'A seat is held <b>until</b> the order is paid.',
  key: ({ order }) => order,
  data: z
    .strictObject({
      order: z
        .string()
        .regex(/^[A-Z]<\d$/)
        .describe('The `order` that holds it */ and <i>no other</i>.'),
      buyer: z.strictObject({
        email: z.email().max(99),
        age: z.int().min(18).nullable().optional().describe('In years.'),
      }),
      seats: z
        .array(z.strictObject({ row: z.enum(['a', 'b']) }).refine(anything, { error: 'must be free' }))
        .min(1)
        .max(4)
        .refine(anything, { error: 'must be side by side' }),
      notes: z.record(z.string(), z.string().max(9)).optional(),
      price: z.union([
        z.number().min(0),
        z.strictObject({ amount: z.int(), currency: z.string() }),
        z.strictObject({ amount: z.int().optional(), gift: z.literal(true) }),
      ]),
      'odd-name': z
        .array(z.enum(["it's", 'y']))
        .length(2)
        .optional(),
      pair: z.tuple([z.string(), z.null()], z.boolean()).optional(),
      paid: z.boolean(),
    })
    .refine(anything, { error: 'orderOnce must hold' }),
  personal: ['buyer'],
  examples: [
    { order: 'A<1', buyer: { email: 'a@b.example' }, seats: [{ row: 'a' }], price: 1.5, paid: false },
  ],
})

/** Its next major version, which its readers take both. */
export const seatReservedNext = defineEvent({
  name: 'seat.reserved',
  version: 2,
  owner: 'shop',
  summary: 'A seat is held.',
  key: ({ order }) => order,
  data: z.strictObject({ order: z.string(), count: z.int() }),
  upcast: upcastFrom(seatReserved, ({ order, seats }) => ({ order, count: seats.length + 41 })),
  examples: [{ order: 'A-2', count: 1 }],
})

const branch: z.ZodType = z
  .lazy(() => z.strictObject({ length: z.number(), twigs: z.array(branch) }))
  .meta({ id: 'side-branch' })

/** An event with a part that contains itself, without an example, and with further fields of any name. */
export const treeGrown = defineEvent({
  name: 'tree.grown',
  version: 1,
  owner: 'garden',
  summary: 'A tree has grown.',
  key: () => 'all',
  data: z.looseObject({ trunk: branch }),
})

/** All of them. */
export const SEATS = [seatReserved, seatReservedNext, treeGrown]

/** Who emits and reads them. */
export const SERVICES: readonly DeclaredService[] = [
  { name: 'shop', handlers: [], consumes: [], emits: [seatReserved, seatReservedNext] },
  {
    name: 'usher',
    handlers: [
      handles(seatReservedNext, 'show-to-seat', {
        reads: ['count'],
        when: { field: 'order', prefix: 'A' },
      }),
    ],
    consumes: [seatReserved, seatReservedNext],
    emits: [],
  },
  {
    name: 'board',
    handlers: [handles(seatReserved, 'write-on-board')],
    consumes: [seatReserved],
    emits: [],
    journaled: false,
  },
]
