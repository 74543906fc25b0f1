import {
  type CloudEvent,
  type OrderSubmitted,
  type PaymentNotified,
  paymentNotified,
} from '@commerce-mesh/contracts'
import { dead, done, type Handler, on, type Outcome, suppressed } from '@commerce-mesh/mesh'
import { placeOrder } from '../order/place.ts'
import { type Capture, MAX_CAPTURES, type PaymentsState } from '../state.ts'
import { captureOf, remember, sameCapture } from './captures.ts'
import { judge, learnReference, type Wrong } from './judge.ts'

const holdForOrder = (state: PaymentsState, capture: Capture): Outcome<PaymentsState> => {
  if (state.captures.some((other) => sameCapture(other, capture))) {
    return suppressed('this capture is known; waiting for the order')
  }
  if (state.captures.length >= MAX_CAPTURES) {
    return dead({
      code: 'MESH_WAITING_FULL',
      reason: `${MAX_CAPTURES} captures wait for this order number already, and no order has come.`,
    })
  }
  return done({ ...state, captures: remember(state.captures, capture) }, [], {
    reason: 'waiting for the order',
  })
}

/** One wrong capture makes one dead letter, however many notifications tell of it; a redrive looks at it anew. */
const reportWrong = (
  state: PaymentsState,
  capture: Capture,
  wrong: Wrong,
  eventId: string,
): Outcome<PaymentsState> => {
  const reported = state.captures.find((other) => sameCapture(other, capture))?.reported
  const paid = state.paidWith.length > 0
  if (reported !== undefined && !reported.afterPaid && paid) {
    return suppressed(
      `a dead letter told of this capture, and another has paid the order since. ${wrong.reason}`,
    )
  }
  if (reported !== undefined && reported.by !== eventId) {
    return suppressed(`a dead letter tells of this capture already. ${wrong.reason}`)
  }
  const captures = remember(state.captures, { ...capture, reported: { by: eventId, afterPaid: paid } })
  return dead({ code: wrong.code, reason: wrong.reason }, { state: { ...state, captures } })
}

const matchOrder = (
  state: PaymentsState,
  order: OrderSubmitted,
  capture: Capture,
  eventId: string,
): Outcome<PaymentsState> => {
  const verdict = judge(order, state.paidWith, capture)
  switch (verdict.verdict) {
    case 'pays': {
      const placement = placeOrder(order, capture, capture.capturedAt)
      return done({ ...state, paidWith: placement.paidWith, placed: placement.placed }, placement.events, {
        lines: placement.lines,
      })
    }
    case 'known':
      return suppressed('this payment has paid the order before', {
        state: { ...state, paidWith: learnReference(state.paidWith, capture) },
      })
    case 'wrong':
      return reportWrong(state, capture, verdict, eventId)
  }
}

const reversed = ({ provider, kind, reference }: PaymentNotified) =>
  dead<PaymentsState>({
    code: 'MESH_PAYMENT_REVERSED',
    reason: `${provider} reported payment ${reference} as ${kind}; enrollments stay as they are.`,
  })

const joinNotification = (
  event: CloudEvent<PaymentNotified>,
  state: PaymentsState,
): Outcome<PaymentsState> => {
  const { kind, provider } = event.data
  const next = state.paidWith.length > 0 ? 'the order is paid already' : 'the order goes on waiting'
  switch (kind) {
    case 'captured': {
      const capture = captureOf(event.data)
      return state.submission === null
        ? holdForOrder(state, capture)
        : matchOrder(state, state.submission, capture, event.id)
    }
    case 'failed':
      return suppressed(`${provider} says that the payment failed; ${next}`)
    case 'action-required':
      return suppressed(`${provider} waits for the learner to confirm the payment; ${next}`)
    case 'refunded':
    case 'disputed':
      return reversed(event.data)
  }
}

/** Joins a provider's notification with the order it names; rules: services/payments/README.md. */
export const joinOnPaymentNotified: Handler<PaymentsState> = on(
  paymentNotified,
  'join-on-payment-notified',
  joinNotification,
  { pure: true },
)
