import { createBoundedMap } from '../bounded/bounded-map.ts'

/** An order that was accepted a moment ago. */
export type RecentOrder = { readonly submittedBy: string; readonly lineIds: readonly string[] }

/** Orders kept at once. */
const MOST = 10_000

/** An order of more lines is kept without them, so that ten thousand large ones stay small. */
const MOST_LINES = 20

/**
 * The orders that this process accepted last, in bounded memory: whoever asks right after the 202 is answered "submitted"
 * although the projection has not seen the event yet.
 */
export type RecentOrders = {
  /** Notes an accepted order. The first submission of a number stays: it is the one that counts. */
  note(order: { orderNumber: string; submittedBy: string; lines: readonly { lineId: string }[] }): void
  get(orderNumber: string): RecentOrder | undefined
}

/** @param most - orders kept; the oldest is forgotten first. */
export const createRecentOrders = (most = MOST): RecentOrders => {
  const orders = createBoundedMap<RecentOrder>(most)
  return {
    note: ({ orderNumber, submittedBy, lines }) => {
      if (orders.has(orderNumber)) return
      const lineIds = lines.length > MOST_LINES ? [] : lines.map(({ lineId }) => lineId)
      orders.set(orderNumber, { submittedBy, lineIds })
    },
    get: (orderNumber) => orders.get(orderNumber),
  }
}
