import type { OrderSubmitted } from '@commerce-mesh/contracts'
import { judge, learnReference, type Wrong } from '../payment/judge.ts'
import type { Capture, Payment } from '../state.ts'

/** What became of the captures that were there before their order. */
export type Held = {
  readonly captures: readonly Capture[]
  readonly paidWith: readonly Payment[]
  readonly wrong: readonly Wrong[]
}

/** The held capture that pays a pending order: the one whose reference the order names, else the first that came. */
export const payingCapture = (order: OrderSubmitted, captures: readonly Capture[]): Capture | undefined => {
  const fitting = captures.filter((capture) => judge(order, [], capture).verdict === 'pays')
  return fitting.find((capture) => capture.reference === order.payment.reference) ?? fitting[0]
}

/**
 * Judges each held capture now that the order is known. Those of the order's own payment are dropped; the wrong ones
 * stay, marked as reported by `eventId`.
 */
export const settleHeld = (
  order: OrderSubmitted,
  paidWith: readonly Payment[],
  held: readonly Capture[],
  eventId: string,
): Held => {
  const settled: { captures: Capture[]; paidWith: readonly Payment[]; wrong: Wrong[] } = {
    captures: [],
    paidWith,
    wrong: [],
  }
  for (const capture of held) {
    const verdict = judge(order, settled.paidWith, capture)
    if (verdict.verdict === 'wrong') {
      settled.wrong.push(verdict)
      settled.captures.push({ ...capture, reported: { by: eventId, afterPaid: paidWith.length > 0 } })
    } else {
      settled.paidWith = learnReference(settled.paidWith, capture)
    }
  }
  return settled
}

/** One failure that tells of several wrong captures: at most three in full. */
export const failureOf = ([first, ...more]: readonly [Wrong, ...Wrong[]]) => {
  const told = [first, ...more].slice(0, 3).map((wrong) => wrong.reason)
  const untold = more.length - 2
  return { code: first.code, reason: [...told, ...(untold > 0 ? [`And ${untold} more.`] : [])].join(' ') }
}

/** Whether there is at least one. */
export const isSome = (wrong: readonly Wrong[]): wrong is readonly [Wrong, ...Wrong[]] => wrong.length > 0
