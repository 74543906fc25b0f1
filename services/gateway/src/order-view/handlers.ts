import {
  type CloudEvent,
  deadLetterRecorded,
  formatMoney,
  hopRecorded,
  orderFulfilled,
  orderFulfillmentFailed,
  orderPlaced,
  orderSubmitted,
  type OrderSubmitted,
  paymentCaptured,
  paymentNotified,
  sourceOf,
} from '@commerce-mesh/contracts'
import { done, type Handler, on, type Outcome, parseTraceparent, suppressed } from '@commerce-mesh/mesh'
import { type EntryOf, eventEntry, hopEntry, letterEntry } from './entries.ts'
import { sortable } from './instant.ts'
import { addLetter, settleLetters } from './letters.ts'
import { addLineFacts, isLineState, type LineFact, type LineState } from './lines.ts'
import type { TimelineEntry } from './schema.ts'
import { addEntry } from './timeline.ts'
import type { OrderView, Submission } from './view.ts'

/** The submission's trace comes first, then that of the earliest fact. */
const withTrace = (trace: OrderView['trace'], event: CloudEvent, at: string): OrderView['trace'] => {
  const traceId = parseTraceparent(event.extensions['traceparent'])?.traceId
  if (traceId === undefined) return trace
  const rank = `${event.type === orderSubmitted.type ? 0 : 1} ${at} ${event.id}`
  return trace === null || rank < trace.rank ? { rank, traceId } : trace
}

/** Facts that say which payment paid for the order; the others may name one that failed, or a second one. */
const PAID_BY: ReadonlySet<string> = new Set([paymentCaptured.type, orderPlaced.type])

/** The payment that paid comes first, then the one that was named earliest. */
const withPayment = (
  { payment }: OrderView,
  { type }: CloudEvent,
  { at, id, paymentReference }: EntryOf<'event'>,
): Pick<OrderView, 'payment'> => {
  if (paymentReference === undefined) return {}
  const rank = `${PAID_BY.has(type) ? 0 : 1} ${at} ${id}`
  return payment === undefined || rank < payment.rank
    ? { payment: { rank, reference: paymentReference } }
    : {}
}

/** Puts a fact into the timeline, and what it says into the view; once. */
const note = (
  view: OrderView,
  event: CloudEvent<{ orderNumber: string } | { key: string }>,
  entry: TimelineEntry,
  facts: Partial<OrderView> = {},
): Outcome<OrderView> => {
  const timeline = addEntry(view.timeline, entry)
  if (timeline === view.timeline) return suppressed('seen before')
  const { data } = event
  const orderNumber = 'orderNumber' in data ? data.orderNumber : data.key
  const trace = withTrace(view.trace, event, entry.at)
  const payment = entry.kind === 'event' ? withPayment(view, event, entry) : {}
  return done({ ...view, ...facts, ...payment, orderNumber, trace, timeline })
}

type NamedLine = { readonly lineId: string; readonly courseId: string; readonly mode: string }

const factsOf = (lines: readonly NamedLine[], state: LineState, at: string): LineFact[] =>
  lines.map(({ lineId, courseId, mode }) => ({ lineId, courseId, mode, state, at }))

const journaledFacts = (lines: Readonly<Record<string, string>>, at: string): LineFact[] =>
  Object.entries(lines).flatMap(([lineId, state]) => (isLineState(state) ? [{ lineId, state, at }] : []))

/** Whose order it is must not depend on a time that a vendor may choose: what came through the gateway counts first. */
const rankOf = ({ outside, at, id }: Pick<Submission, 'outside' | 'at' | 'id'>): string =>
  `${outside === true ? 1 : 0} ${at} ${id}`

const firstOf = (
  known: Submission | null,
  { id, source, data }: CloudEvent<OrderSubmitted>,
  at: string,
): Submission => {
  const outside = source === sourceOf(orderSubmitted.owner) ? {} : { outside: true as const }
  if (known !== null && rankOf(known) <= rankOf({ at, id, ...outside })) return known
  const lines = data.lines.map(({ lineId, courseId, mode }) => ({ lineId, courseId, mode }))
  return { at, id, by: data.submittedBy, ...outside, lines }
}

const onSubmitted = on<OrderView, typeof orderSubmitted>(
  orderSubmitted,
  'view-order-submitted',
  (event, view) => {
    const { channel, payment, placedAt, submittedBy } = event.data
    const entry = eventEntry(event, placedAt, {
      detail: `by ${submittedBy} through ${channel}, payment ${payment.status}`,
      paymentReference: payment.reference,
    })
    return note(view, event, entry, { submission: firstOf(view.submission, event, entry.at) })
  },
)

const onNotified = on<OrderView, typeof paymentNotified>(
  paymentNotified,
  'view-payment-notified',
  (event, view) => {
    const { amount, currency, kind, notifiedAt, provider, reference } = event.data
    const detail = `${provider}: ${kind}, ${formatMoney(amount, currency)}`
    return note(view, event, eventEntry(event, notifiedAt, { detail, paymentReference: reference }))
  },
)

const onCaptured = on<OrderView, typeof paymentCaptured>(
  paymentCaptured,
  'view-payment-captured',
  (event, view) => {
    const { capturedAt, reference } = event.data
    return note(view, event, eventEntry(event, capturedAt, { paymentReference: reference }), {
      captured: true,
    })
  },
)

const onPlaced = on<OrderView, typeof orderPlaced>(orderPlaced, 'view-order-placed', (event, view) => {
  const { lines, payment, placedAt } = event.data
  const entry = eventEntry(event, placedAt, { paymentReference: payment.reference })
  return note(view, event, entry, {
    lines: addLineFacts(view.lines, factsOf(lines, 'paid', entry.at)),
  })
})

const onFulfilled = on<OrderView, typeof orderFulfilled>(
  orderFulfilled,
  'view-order-fulfilled',
  (event, view) => {
    const { fulfilledAt, lines } = event.data
    const facts = factsOf(lines, 'granted', sortable(fulfilledAt))
    return note(view, event, eventEntry(event, fulfilledAt), { lines: addLineFacts(view.lines, facts) })
  },
)

const onFailed = on<OrderView, typeof orderFulfillmentFailed>(
  orderFulfillmentFailed,
  'view-order-fulfillment-failed',
  (event, view) => {
    const { failedAt, lines } = event.data
    const at = sortable(failedAt)
    const facts = lines.flatMap((line) => factsOf([line], line.state, at))
    return note(view, event, eventEntry(event, failedAt), { lines: addLineFacts(view.lines, facts) })
  },
)

const onHop = on<OrderView, typeof hopRecorded>(hopRecorded, 'view-hop', (event, view) => {
  const entry = hopEntry(event)
  return note(view, event, entry, {
    lines: addLineFacts(view.lines, journaledFacts(event.data.lines ?? {}, entry.at)),
    letters: settleLetters(view.letters, entry),
  })
})

const onDeadLetter = on<OrderView, typeof deadLetterRecorded>(
  deadLetterRecorded,
  'view-dead-letter',
  (event, view) => {
    const entry = letterEntry(event)
    return note(view, event, entry, { letters: addLetter(view.letters, entry, view.timeline) })
  },
)

/**
 * The projection of what happened to an order. Right in any order of arrival and any number of times; no I/O, no
 * schema checks, work in proportion to one order's lines: each order passes here about six times.
 */
export const orderViewHandlers: readonly Handler<OrderView>[] = [
  onSubmitted,
  onNotified,
  onCaptured,
  onPlaced,
  onFulfilled,
  onFailed,
  onHop,
  onDeadLetter,
].map((handler) => ({ ...handler, pure: true }))
