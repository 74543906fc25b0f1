import { setImmediate as breathe } from 'node:timers/promises'
import type { Store } from '@commerce-mesh/mesh'
import type { OrderView, TimelineEntry } from '../order-view/index.ts'

/** What an order may be known by when its number is not: any of them. */
export type OrderClue = {
  /** W3C trace id, 32 lower-case hex digits. */
  readonly traceId?: string
  readonly paymentReference?: string
  /** CloudEvents id of an event about the order. */
  readonly eventId?: string
}

/** Order numbers, and which clue they were found by; it is missing where none was found. */
export type FoundOrders = { readonly by?: keyof OrderClue; readonly orders: readonly string[] }

/** Most orders that are found at once. */
const MOST_FOUND = 20

/** Views read at once: a long timeline makes a view of a hundred kilobytes. */
const PAGE = 50

/** The aggregates of this service are its order views. */
const VIEWS = 'gateway'

type Finder = Pick<Store, 'find'>
type ViewDocument = { readonly state: OrderView; readonly inbox?: Readonly<Record<string, unknown>> }

const NOTHING: FoundOrders = { orders: [] }

/** A vendor knows its event by the id that it gave it; the mesh puts source and name before that. */
const isId = (known: string | undefined, eventId: string): boolean =>
  known !== undefined && (known === eventId || known.endsWith(`#${eventId}`))

const namesEvent = (entry: TimelineEntry, eventId: string): boolean => {
  if (entry.kind === 'event') return isId(entry.id, eventId)
  if (entry.kind === 'dead-letter') return isId(entry.eventId, eventId)
  return [entry.id, entry.eventId, ...entry.caused.map(({ id }) => id)].some((id) => isId(id, eventId))
}

const hasTrace = ({ trace, timeline }: OrderView, traceId: string): boolean =>
  trace?.traceId === traceId || timeline.some((entry) => entry.kind === 'hop' && entry.traceId === traceId)

const hasPayment = ({ payment, timeline }: OrderView, reference: string): boolean =>
  payment?.reference === reference ||
  timeline.some((entry) => entry.kind === 'event' && entry.paymentReference === reference)

/** The inbox knows events that a long timeline has dropped. */
const hasEvent = ({ state, inbox = {} }: ViewDocument, eventId: string): boolean =>
  Object.hasOwn(inbox, eventId) || state.timeline.some((entry) => namesEvent(entry, eventId))

const clueIn = (document: ViewDocument, clue: OrderClue): keyof OrderClue | undefined => {
  const { traceId, paymentReference, eventId } = clue
  if (traceId !== undefined && hasTrace(document.state, traceId)) return 'traceId'
  if (paymentReference !== undefined && hasPayment(document.state, paymentReference))
    return 'paymentReference'
  return eventId !== undefined && hasEvent(document, eventId) ? 'eventId' : undefined
}

/** A store that no gateway of this release has run on has no such index, or no views at all. */
const whereDeclared = async <T>(read: () => Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await read()
  } catch (thrown) {
    if (thrown instanceof TypeError) return otherwise
    throw thrown
  }
}

/**
 * Orders whose first trace or whose payment this is. Quick: asks two indexes. Other traces of an order (of a notification,
 * of a redrive), further payments and events are in no index: {@link searchOrders}.
 *
 * @throws MeshError MESH_STORE_UNAVAILABLE
 */
export const lookUpOrders = async (store: Finder, clue: OrderClue): Promise<FoundOrders> => {
  for (const by of ['traceId', 'paymentReference'] as const) {
    const value = clue[by]
    if (value === undefined) continue
    const query = { index: by, from: value, to: value, limit: MOST_FOUND }
    const { documents } = await whereDeclared(() => store.find(VIEWS, query), { documents: [] })
    if (documents.length > 0) return { by, orders: documents.map(({ id }) => id) }
  }
  return NOTHING
}

/**
 * Looks through all orders, page by page, for those that a clue leads to. Memory is bounded; time is in proportion to
 * the orders.
 *
 * @throws MeshError MESH_STORE_UNAVAILABLE
 */
export const searchOrders = async (store: Finder, clue: OrderClue): Promise<FoundOrders> => {
  const found: { by: keyof OrderClue; order: string }[] = []
  let after: string | undefined
  do {
    const query = { limit: PAGE, ...(after !== undefined && { after }) }
    const page = await whereDeclared(() => store.find<ViewDocument>(VIEWS, query), { documents: [] })
    for (const { id, body } of page.documents) {
      const by = clueIn(body, clue)
      // An event is about one order.
      if (by === 'eventId') return { by, orders: [id] }
      if (by !== undefined) found.push({ by, order: id })
    }
    after = page.next
    // Reading a file answers at once: whoever else is served by this thread must get a turn.
    await breathe()
  } while (after !== undefined && found.length < MOST_FOUND)
  const by = found[0]?.by
  if (by === undefined) return NOTHING
  const orders = found.filter((one) => one.by === by).map(({ order }) => order)
  return { by, orders: orders.slice(0, MOST_FOUND) }
}

/** Orders that a clue leads to, at most {@link MOST_FOUND}: by index, or else by looking through all. */
export const findOrders = async (store: Finder, clue: OrderClue): Promise<FoundOrders> => {
  const known = await lookUpOrders(store, clue)
  return known.orders.length > 0 ? known : await searchOrders(store, clue)
}
