import type { OrderStatus, TimelineEntry } from '@commerce-mesh/gateway'

/** A fact about an order. */
export type EventEntry = Extract<TimelineEntry, { kind: 'event' }>

/** What became of an event in a handler. */
export type HopEntry = Extract<TimelineEntry, { kind: 'hop' }>

/** A dead letter of an order. */
export type LetterEntry = Extract<TimelineEntry, { kind: 'dead-letter' }>

/** One attempt and the events that it caused. */
export type Attempt = { readonly hop: HopEntry; readonly caused: readonly EventNode[] }

/** One service's attempts at one event, oldest first, and what came of them. */
export type Handling = {
  readonly service: string
  readonly handler: string
  readonly attempts: readonly Attempt[]
  /** The dead letter of this service about this event, while it waits for a person. */
  readonly letter?: LetterEntry
}

/** An event with what the services made of it. */
export type EventNode = {
  readonly id: string
  readonly type: string
  /** Missing where the event itself is not in the timeline (any more). */
  readonly entry?: EventEntry
  readonly handlings: readonly Handling[]
  /** Services that will handle it and have not begun. */
  readonly pending: readonly string[]
}

/** An order's timeline as a tree of causes. */
export type TraceTree = { readonly roots: readonly EventNode[]; readonly strays: readonly LetterEntry[] }

/** Which services handle an event type, for {@link EventNode.pending}. */
export type Consumers = ReadonlyMap<string, readonly string[]>

type Growing = {
  readonly events: ReadonlyMap<string, EventEntry>
  readonly hops: readonly HopEntry[]
  readonly letters: readonly LetterEntry[]
  readonly consumers: Consumers
  /** Every event has one place in the tree, even if two hops name it. */
  readonly placed: Set<string>
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

const handlingOf = (growing: Growing, eventId: string, service: string): Handling => {
  const hops = growing.hops.filter((hop) => hop.eventId === eventId && hop.service === service)
  const letter = growing.letters.findLast((one) => one.eventId === eventId && one.service === service)
  const attempts = hops.map((hop) => ({
    hop,
    caused: hop.caused.flatMap(({ id, type }) => grow(growing, id, type) ?? []),
  }))
  return {
    service,
    handler: hops.at(-1)?.handler ?? letter?.handler ?? '',
    attempts,
    ...(letter && { letter }),
  }
}

const grow = (growing: Growing, id: string, type: string): EventNode | undefined => {
  if (growing.placed.has(id)) return undefined
  growing.placed.add(id)
  const entry = growing.events.get(id)
  const services = distinct([
    ...growing.hops.filter((hop) => hop.eventId === id).map((hop) => hop.service),
    ...growing.letters.flatMap((letter) => (letter.eventId === id ? [letter.service] : [])),
  ])
  const pending = (growing.consumers.get(type) ?? []).filter((service) => !services.includes(service))
  return {
    id,
    type,
    ...(entry && { entry }),
    handlings: services.map((service) => handlingOf(growing, id, service)),
    pending,
  }
}

/** Orders a timeline by cause. Entries whose cause is not known stand at the root. */
export const growTree = (
  { timeline, attention = [] }: Pick<OrderStatus, 'timeline' | 'attention'>,
  consumers: Consumers,
): TraceTree => {
  const open = new Set(attention.map(({ deadLetterId }) => deadLetterId))
  const events = timeline.filter((entry) => entry.kind === 'event')
  const hops = timeline.filter((entry) => entry.kind === 'hop')
  const letters = timeline.filter((entry) => entry.kind === 'dead-letter').filter(({ id }) => open.has(id))
  const growing: Growing = {
    events: new Map(events.map((entry) => [entry.id, entry])),
    hops,
    letters,
    consumers,
    placed: new Set(),
  }
  const caused = new Set(hops.flatMap((hop) => hop.caused.map(({ id }) => id)))
  const handled = hops.map(({ eventId, eventType }) => ({ id: eventId, type: eventType }))
  const known = [...events, ...handled]
  // What nobody caused comes first; what is left after that has only causes that were not placed (a ring, never seen).
  const candidates = [...known.filter(({ id }) => !caused.has(id)), ...known]
  const roots = candidates.flatMap(({ id, type }) => grow(growing, id, type) ?? [])
  return {
    roots,
    strays: letters.filter(({ eventId }) => eventId === undefined || !growing.placed.has(eventId)),
  }
}
