import { type CloudEvent, type EventContract, defineEvent, upcastFrom } from '@commerce-mesh/contracts'
import { expect } from '@jest/globals'
import { z } from 'zod'
import { TRACEPARENT } from '../aggregate/parcel.fixture.ts'
import { sealEvent } from '../aggregate/seal.ts'
import { on } from '../service/handler.ts'
import { type Outcome, done } from '../service/outcome.ts'
import { type Shop, type Tally, counted, counting } from './parcel-shop.fixture.ts'

/** What all versions of the event have in common. */
export const about = { name: 'seat.reserved', owner: 'seats', summary: 'A seat is held.' }

/** A seat is held; with the buyer’s address only. */
export const seatV1 = defineEvent({
  ...about,
  version: 1,
  key: (data) => data.order,
  personal: ['email'],
  data: z.strictObject({ order: z.string().min(1), email: z.string() }),
})

/** With a section for the buyer. Its upcast fails for an address that says so. */
export const seatV2 = defineEvent({
  ...about,
  version: 2,
  key: (data) => data.order,
  personal: ['buyer.email'],
  data: z.strictObject({ order: z.string().min(1), buyer: z.strictObject({ email: z.string() }) }),
  upcast: upcastFrom(seatV1, ({ order, email }) => {
    if (email.includes('throw')) throw new RangeError(email)
    return { order, buyer: email.includes('invalid') ? (email as never) : { email } }
  }),
})

/** With the number of seats. */
export const seatV3 = defineEvent({
  ...about,
  version: 3,
  key: (data) => data.order,
  personal: ['buyer.email'],
  data: z.strictObject({
    order: z.string().min(1),
    buyer: z.strictObject({ email: z.string() }),
    seats: z.int(),
  }),
  upcast: upcastFrom(seatV2, (data) => ({ ...data, seats: 1 })),
})

/** The buyer’s address, to be looked for where it must not be. */
export const EMAIL = 'marker@example.org'

/** A stored event of one version. */
export const seat = (version: 1 | 2 | 3, order: string, id = `${order}#1`, email = EMAIL): CloudEvent => {
  const stamp = { service: 'seats', id, traceparent: TRACEPARENT, now: new Date('2026-01-02T03:04:05Z') }
  if (version === 1) return sealEvent(seatV1, { order, email }, stamp)
  const buyer = { email }
  return version === 2
    ? sealEvent(seatV2, { order, buyer }, stamp)
    : sealEvent(seatV3, { order, buyer, seats: 2 }, stamp)
}

/** A service that reads one version, and what it was given. */
export const reader = (
  contract: EventContract,
  decide: (event: CloudEvent, state: Tally) => Outcome<Tally> = (_event, state) => done(counted(state)),
  name = 'reader',
): { readonly seen: readonly CloudEvent[]; readonly service: ReturnType<typeof counting> } => {
  const seen: CloudEvent[] = []
  const service = counting(name, [
    on(contract, 'read', (event, state: Tally) => {
      seen.push(event)
      return decide(event, state)
    }),
  ])
  return { seen, service }
}

/** What the journal says of a service, a line for each attempt. */
export const hopsOf = async (shop: Shop, service: string): Promise<string[]> =>
  (await shop.hops())
    .filter((hop) => hop.service === service)
    .map(({ eventId, eventType, outcome, attempt }) => `${eventId} ${eventType} ${outcome} ${attempt}`)

/** Publishes events one after the other, each when the one before was handled. */
export const inTurn = async (shop: Shop, ...events: readonly CloudEvent[]): Promise<void> => {
  for (const event of events) {
    await shop.publish(event)
    await shop.settled()
  }
}

/** Nothing is lost; and what the audit says of services, in their order. */
export const expectNoDrift = async (shop: Shop, ...services: readonly object[]): Promise<void> =>
  expect(await shop.mesh.operations.audit()).toMatchObject({
    drift: 0,
    ...(services.length > 0 && { services }),
  })
