import { createHmac, timingSafeEqual } from 'node:crypto'
import { type EventContract, defineEvent, orderPlaced, sourceOf } from '@commerce-mesh/contracts'
import { type ConfiguredSource, type Source, type SourceReading, defineSource } from '@commerce-mesh/mesh'
import { z } from 'zod'

/** An event that only the plugin knows. */
export const seatReserved = defineEvent({
  name: 'seat.reserved',
  version: 1,
  owner: 'seats',
  summary: 'A seat is held.',
  key: ({ seat }) => seat,
  data: z.strictObject({ seat: z.string(), row: z.int().optional() }),
})

/** Where its events come from. */
export const SEATS = sourceOf('seats')

const options = z.strictObject({ secrets: z.array(z.string()).default([]) })

/** Options of the made-up source. */
type SeatOptions = z.output<typeof options>

/** What a test puts in the place of a sound part. */
export type SeatParts = Partial<Pick<Source<SeatOptions>, 'name' | 'secrets' | 'verify' | 'read' | 'emits'>>

/** HMAC-SHA256 over the raw body, in hex. */
export const sign = (body: string | Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex')

const isRight = (given: string, body: Uint8Array, secret: string): boolean => {
  const [one, other] = [Buffer.from(given, 'hex'), Buffer.from(sign(body, secret), 'hex')]
  return one.length === other.length && timingSafeEqual(one, other)
}

const notification = z.object({ kind: z.string(), id: z.string(), seats: z.array(z.unknown()) })

const read = (body: unknown): SourceReading => {
  const parsed = notification.safeParse(body)
  if (!parsed.success) return { errors: [{ path: 'seats', message: 'is missing' }] }
  const { kind, id, seats } = parsed.data
  if (kind !== 'reserved') return { ignored: kind }
  return {
    events: seats.map((seat, nth) => ({
      contract: seatReserved as unknown as EventContract,
      data: { seat },
      id: `${id}#${nth}`,
    })),
  }
}

/** A plugin's source: signed with HMAC-SHA256 over the raw body in `x-seats-signature`. */
export const seatSource = (secrets: readonly string[], parts: SeatParts = {}): ConfiguredSource => {
  const source = defineSource<SeatOptions>({
    name: 'seats',
    emits: [seatReserved as unknown as EventContract, orderPlaced as unknown as EventContract],
    options,
    secrets: ({ secrets: all }) => all,
    verify: ({ headers, body }, { secrets: all }) => {
      const given = headers['x-seats-signature']
      return typeof given === 'string' && all.some((secret) => isRight(given, body, secret))
    },
    read,
    ...parts,
  })
  return { source: source as unknown as Source<never>, options: options.parse({ secrets }) }
}
