import type { Bus, BusRecord, OutgoingRecord, SubscribeOptions } from '@commerce-mesh/mesh'
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
