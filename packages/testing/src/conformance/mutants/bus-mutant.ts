import type { Bus, BusRecord, OutgoingRecord, SubscribeOptions, Subscription } from '@commerce-mesh/mesh'
import type { InMemoryLog } from '../in-memory-log.ts'

/** A broken bus around a sound one, and the checks that must see it. */
export type BusMutant = {
  readonly name: string
  /** @param reopened - whether the log was in use before a restart */
  readonly breaks: (bus: Bus, log: InMemoryLog, reopened: boolean) => Bus
  /** Beginnings of the names of the checks. */
  readonly caughtBy: readonly string[]
}

/** Changes records on their way in and out. */
export const recoded = (
  bus: Bus,
  into: (record: OutgoingRecord) => OutgoingRecord,
  out: (record: BusRecord) => BusRecord = (record) => record,
): Bus => ({
  ...bus,
  publish: (records) => bus.publish(records.map(into)),
  subscribe: (options) =>
    bus.subscribe({ ...options, handle: (record, signal) => options.handle(out(record), signal) }),
  read: async (...asked) => (await bus.read(...asked)).map(out),
})

/** Changes what a subscriber asks for. */
export const subscribing = (bus: Bus, change: (options: SubscribeOptions) => SubscribeOptions): Bus => ({
  ...bus,
  subscribe: (options) => bus.subscribe(change(options)),
})

/** Changes how records are handled. */
export const handling = (
  bus: Bus,
  wrap: (handle: SubscribeOptions['handle'], options: SubscribeOptions) => SubscribeOptions['handle'],
): Bus => subscribing(bus, (options) => ({ ...options, handle: wrap(options.handle, options) }))

/** A subscription whose parts can be taken over one by one. */
export const plain = (subscription: Subscription): Subscription => ({
  isMember: () => subscription.isMember(),
  hold: (place) => subscription.hold(place),
  assigned: () => subscription.assigned(),
  owns: (place) => subscription.owns(place),
  inFlight: () => subscription.inFlight(),
  oldest: () => subscription.oldest(),
  close: (graceMs) => subscription.close(graceMs),
})

/** Takes over parts of every subscription. */
export const overriding = (bus: Bus, change: (subscription: Subscription) => Partial<Subscription>): Bus => ({
  ...bus,
  subscribe: async (options) => {
    const subscription = await bus.subscribe(options)
    return { ...plain(subscription), ...change(subscription) }
  },
})
