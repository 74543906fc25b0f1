import type { CloudEvent } from '@commerce-mesh/contracts'

/** CloudEvents extension that counts how many events led to this one. */
export const HOPS = 'hops'

/** An order has three or four. What goes on for longer goes round in a circle. */
export const MOST_HOPS = 32

/** How many events led to an event; 0 for one that came from outside. */
export const hopsOf = ({ extensions }: Pick<CloudEvent, 'extensions'>): number => {
  const text = extensions[HOPS] ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
