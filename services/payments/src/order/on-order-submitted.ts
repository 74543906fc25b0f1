import {
  type CloudEvent,
  type OrderLine,
  orderSubmitted,
  type OrderSubmitted,
} from '@commerce-mesh/contracts'
import { dead, done, type Handler, on, type Outcome, suppressed } from '@commerce-mesh/mesh'
import { judge } from '../payment/judge.ts'
import type { Capture, Payment, PaymentsState } from '../state.ts'
import { compareSubmissions } from './compare.ts'
import { failureOf, isSome, payingCapture, settleHeld } from './held.ts'
import { capturedDraft, lineStates, placedDraft, placeOrder } from './place.ts'

type Submission = CloudEvent<OrderSubmitted>

/** The order is paid: it goes on in any case. Other captures that came before it may still need a person. */
const placeFirst = (
  event: Submission,
  held: readonly Capture[],
  payment: Payment,
  capturedAt: string,
): Outcome<PaymentsState> => {
  const order = event.data
  const { events, lines, placed, paidWith } = placeOrder(order, payment, capturedAt)
  const { wrong, ...settled } = settleHeld(order, paidWith, held, event.id)
  const state: PaymentsState = {
    submission: order,
    captures: settled.captures,
    paidWith: settled.paidWith,
    placed,
  }
  return isSome(wrong) ? dead(failureOf(wrong), { state, events, lines }) : done(state, events, { lines })
}

const waitForPayment = (event: Submission, state: PaymentsState): Outcome<PaymentsState> => {
  const order = event.data
  const { captures, wrong } = settleHeld(order, [], state.captures, event.id)
  const next = { ...state, submission: order, captures }
  const lines = lineStates(order.lines, 'submitted')
  return isSome(wrong)
    ? dead(failureOf(wrong), { state: next, lines })
    : done(next, [], { reason: 'waiting for the payment', lines })
}

const submittedFirst = (event: Submission, state: PaymentsState): Outcome<PaymentsState> => {
  const { payment, placedAt } = event.data
  if (payment.status === 'captured') return placeFirst(event, state.captures, payment, placedAt)
  const paying = payingCapture(event.data, state.captures)
  if (paying === undefined) return waitForPayment(event, state)
  return placeFirst(event, state.captures, paying, paying.capturedAt)
}

/** A submission that became a dead letter for captures held before it, and comes again by a redrive: is all well now? */
const submittedAgain = (
  event: Submission,
  first: OrderSubmitted,
  state: PaymentsState,
): Outcome<PaymentsState> => {
  const paid = state.paidWith.length > 0
  const wrong = state.captures
    .filter((capture) => capture.reported?.by === event.id && (capture.reported.afterPaid || !paid))
    .map((capture) => judge(first, state.paidWith, capture))
    .filter((verdict) => verdict.verdict === 'wrong')
  return isSome(wrong) ? dead(failureOf(wrong)) : suppressed('duplicate submission')
}

const extend = (
  order: OrderSubmitted,
  first: OrderSubmitted,
  fresh: readonly OrderLine[],
  state: PaymentsState,
): Outcome<PaymentsState> => {
  const { provider, reference } = order.payment
  const known = state.paidWith.some(
    (paid) => paid.provider === provider && (reference === null || paid.reference === reference),
  )
  const payment = { provider, reference }
  const next: PaymentsState = {
    ...state,
    // The total of the whole order is nobody's to say once it came in parts.
    submission: { ...first, lines: [...first.lines, ...fresh], total: null, currency: null },
    paidWith: known ? state.paidWith : [...state.paidWith, payment],
    placed: [...state.placed, ...fresh.map((line) => line.lineId)],
  }
  const captured = known ? [] : [capturedDraft(order, payment, order.placedAt)]
  return done(next, [...captured, placedDraft(order, fresh, payment)], { lines: lineStates(fresh, 'paid') })
}

const joinSubmission = (event: Submission, state: PaymentsState): Outcome<PaymentsState> => {
  const first = state.submission
  if (first === null) return submittedFirst(event, state)
  const comparison = compareSubmissions(first, event.data)
  switch (comparison.relation) {
    case 'same':
      return submittedAgain(event, first, state)
    case 'paid':
      return state.paidWith.length > 0
        ? suppressed('the order was paid before the storefront said so')
        : placeFirst(event, state.captures, event.data.payment, event.data.placedAt)
    case 'extends':
      return extend(event.data, first, comparison.fresh, state)
    case 'conflict':
      return dead({
        code: 'MESH_ORDER_CONFLICT',
        reason: `The order number was submitted before with other contents; what differs: ${comparison.what}. The first submission stands.`,
      })
  }
}

/** Joins an order with what its provider has told so far; rules: services/payments/README.md. */
export const joinOnOrderSubmitted: Handler<PaymentsState> = on(
  orderSubmitted,
  'join-on-order-submitted',
  joinSubmission,
  { pure: true },
)
