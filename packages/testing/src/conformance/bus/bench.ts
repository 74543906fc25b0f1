import { randomUUID } from 'node:crypto'
import type { Bus, OutgoingRecord, SubscribeOptions, Subscription } from '@commerce-mesh/mesh'
import { eventually, within } from '../eventually.ts'
import type { BusHarness } from './harness.ts'

/** Where a check works: a bus, and the means to look at it. */
export type BusBench = {
  /** The bus; another one after {@link BusBench.reopen}. */
  readonly bus: Bus
  readonly maxInFlight: number
  /** Declares a topic that no other check uses. */
  topic(partitions: number): Promise<string>
  /** A group name that no other check uses. */
  group(): string
  /** Subscribes; what is still open at the end of the check is closed. */
  subscribe(options: SubscribeOptions, bus?: Bus): Promise<Subscription>
  /** Waits for a condition with the driver's patience, times `stretch`. */
  until(what: string | (() => string), condition: () => unknown, stretch?: number): Promise<void>
  /** Fails when the promise takes longer than the driver's patience. */
  soon<T>(promise: Promise<T>, what: string): Promise<T>
  /** Closes the bus and opens the same data again. */
  reopen(): Promise<void>
  /** Another client of the log; the same bus where the driver has only one. */
  join(): Promise<Bus>
  /** Closes what is open and has the harness delete it. */
  cleanup(): Promise<void>
}

/** Opens a bus and lays out the bench around it. */
export const openBusBench = async (harness: BusHarness): Promise<BusBench> => {
  const patienceMs = harness.patienceMs ?? 15_000
  const subscriptions: Subscription[] = []
  const guests: Bus[] = []
  let bus = await harness.open()
  const soon = <T>(promise: Promise<T>, what: string) => within(promise, patienceMs, what)

  return {
    get bus() {
      return bus
    },
    maxInFlight: harness.maxInFlight ?? 2_000,
    async topic(partitions) {
      const name = `conformance.${randomUUID()}.v1`
      await bus.declare([{ name, partitions }])
      return name
    },
    group: () => `conformance-${randomUUID()}`,
    async subscribe(options, on = bus) {
      const subscription = await soon(on.subscribe(options), 'subscribe()')
      subscriptions.push(subscription)
      return subscription
    },
    async until(what, condition, stretch = 1) {
      await eventually(condition, { what, timeoutMs: patienceMs * stretch })
    },
    soon,
    async reopen() {
      if (harness.reopen === undefined) throw new TypeError(`The harness '${harness.name}' can't reopen.`)
      await soon(bus.close(), 'close() of the bus')
      bus = await harness.reopen()
    },
    async join() {
      if (harness.join === undefined) return bus
      const guest = await harness.join()
      guests.push(guest)
      return guest
    },
    async cleanup() {
      try {
        await Promise.all(subscriptions.map((open) => soon(open.close(0), 'close() of a subscription')))
        await Promise.all([bus, ...guests].map((open) => soon(open.close(), 'close() of the bus')))
      } finally {
        await harness.cleanup()
      }
    },
  }
}

/** A record whose value is its label, such as `a#0`: the first record of key `a`. */
export const labelled = (topic: string, key: string | null, label: string): OutgoingRecord => ({
  topic,
  key,
  headers: {},
  value: Buffer.from(label),
})

/** Records `from` to below `to` of each key, the keys taking turns: a#0, b#0, a#1, b#1. */
export const series = (topic: string, keys: readonly string[], from: number, to: number): OutgoingRecord[] =>
  Array.from({ length: to - from }, (_, at) =>
    keys.map((key) => labelled(topic, key, `${key}#${from + at}`)),
  ).flat()

/** Names of `count` keys. */
export const keysNamed = (count: number): string[] => Array.from({ length: count }, (_, at) => `key-${at}`)

/** The label that a record carries as its value. */
export const labelOf = (record: Pick<OutgoingRecord, 'value'>): string =>
  Buffer.from(record.value ?? []).toString()
