import { formatMoney, type OrderSubmitted } from '@commerce-mesh/contracts'
import type { MeshCode } from '@commerce-mesh/mesh'
import type { Capture, Payment } from '../state.ts'

/** What is wrong with a capture, as a dead letter says it. */
export type Wrong = {
  readonly verdict: 'wrong'
  readonly code: Extract<MeshCode, 'MESH_PAYMENT_MISMATCH' | 'MESH_PAYMENT_TWICE'>
  readonly reason: string
}

/** `pays`: the order waits for exactly this. `known`: it is the payment that paid the order. `wrong`: a person must look. */
export type Verdict = { readonly verdict: 'pays' } | { readonly verdict: 'known' } | Wrong

/** The payment among `paidWith` that this capture belongs to. A payment without a reference takes any of its provider. */
const ownPayment = (paidWith: readonly Payment[], capture: Capture): Payment | undefined =>
  paidWith.find((paid) => paid.provider === capture.provider && paid.reference === capture.reference) ??
  paidWith.find((paid) => paid.provider === capture.provider && paid.reference === null)

const amountFits = (order: OrderSubmitted, capture: Capture) =>
  order.total === null ||
  order.currency === null ||
  (order.total === capture.amount && order.currency === capture.currency)

const described = (capture: Capture) =>
  `${capture.provider} captured ${formatMoney(capture.amount, capture.currency)} (${capture.reference})`

const price = ({ total, currency }: OrderSubmitted) =>
  total === null || currency === null ? 'of unknown price' : formatMoney(total, currency)

const mismatch = (order: OrderSubmitted, capture: Capture): Wrong => ({
  verdict: 'wrong',
  code: 'MESH_PAYMENT_MISMATCH',
  reason: `${described(capture)}, but the order is ${price(order)} through ${order.payment.provider}.`,
})

const twice = (order: OrderSubmitted, paidWith: readonly Payment[], capture: Capture): Wrong => {
  const before = paidWith.map((paid) => [paid.provider, paid.reference ?? ''].join(' ').trim()).join(', ')
  return {
    verdict: 'wrong',
    code: 'MESH_PAYMENT_TWICE',
    reason: `${described(capture)}, but the order (${price(order)}) was paid before with ${before}.`,
  }
}

/**
 * Compares a capture with the order it names. Nobody's arrival order matters: only the order and what has paid it.
 *
 * @param paidWith - empty while the order waits for its payment.
 */
export const judge = (order: OrderSubmitted, paidWith: readonly Payment[], capture: Capture): Verdict => {
  if (paidWith.length === 0) {
    const pays = capture.provider === order.payment.provider && amountFits(order, capture)
    return pays ? { verdict: 'pays' } : mismatch(order, capture)
  }
  if (ownPayment(paidWith, capture) === undefined) return twice(order, paidWith, capture)
  return amountFits(order, capture) ? { verdict: 'known' } : mismatch(order, capture)
}

/** The payments once a capture has told the reference of one that the storefront named without it. */
export const learnReference = (paidWith: readonly Payment[], capture: Capture): readonly Payment[] => {
  const own = ownPayment(paidWith, capture)
  if (own === undefined || own.reference !== null) return paidWith
  return paidWith.map((paid) => (paid === own ? { ...paid, reference: capture.reference } : paid))
}
