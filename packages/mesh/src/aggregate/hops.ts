import type { CloudEvent } from '@commerce-mesh/contracts'

/** CloudEvents extension that counts how many events led to this one. */
const HOPS = 'hops'

/** CloudEvents extension that says how many events there are of this one's kind, where one led to several. */
const SPREAD = 'spread'

/** An order has three or four. What goes on for longer goes round in a circle. */
export const MOST_HOPS = 32

/** A circle in which one event leads to two has a thousand millions after thirty. */
export const MOST_SPREAD = 10_000

/** How an event came about. */
export type Lineage = {
  /** Events that led to it; 0 for one that came from outside. */
  readonly hops: number
  /** Events that there are beside it and with it, if all others like those that led to it did as those did; 1 where none led to several. */
  readonly spread: number
}

/** Of an event that came from outside. */
const ORIGIN: Lineage = { hops: 0, spread: 1 }

const numberIn = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise

/** What an event says of its lineage. */
export const lineageOf = ({ extensions }: Pick<CloudEvent, 'extensions'>): Lineage => ({
  hops: numberIn(extensions[HOPS], ORIGIN.hops),
  spread: numberIn(extensions[SPREAD], ORIGIN.spread),
})

/** Of each of `count` events that one event leads to. */
export const descending = ({ hops, spread }: Lineage, count = 1): Lineage => ({
  hops: hops + 1,
  spread: spread * Math.max(count, 1),
})

/** As an event carries it. */
export const lineageExtensions = ({ hops, spread }: Lineage): Readonly<Record<string, string>> => ({
  [HOPS]: String(hops),
  ...(spread > 1 && { [SPREAD]: String(Math.min(spread, 999_999_999)) }),
})

/** Why an event may lead to `count` others no more; undefined: it may. */
export const circleIn = (lineage: Lineage, count: number): string | undefined => {
  if (lineage.hops > MOST_HOPS)
    return `${lineage.hops} events led to this one, and more than ${MOST_HOPS} are a circle`
  const { spread } = descending(lineage, count)
  return lineage.spread > 1 && spread > MOST_SPREAD
    ? `events that led to several each have become ${spread}, and more than ${MOST_SPREAD} are a circle`
    : undefined
}
