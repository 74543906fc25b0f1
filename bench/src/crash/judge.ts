import type { Sent } from './shoppers.ts'
import type { Attempted } from './storefront.ts'

/** The sandbox LMS's record of one learner and course. */
export type Effect = {
  readonly user: string
  readonly effects: number
  readonly isActive: boolean | null
  readonly lastOrderNumber: string | null
}

/** What the LMS's record says about the promises. */
export type Verdict = {
  /** Accepted orders without an enrollment. */
  readonly lost: readonly string[]
  /** Orders enrolled more than once. */
  readonly doubled: readonly string[]
  /** Orders enrolled that must not be. */
  readonly wrong: readonly string[]
}

/**
 * Compares what was answered 2xx with what the LMS did. Pure, so that it can itself be tested.
 *
 * @param effects - one per learner and course; titan's learners are known by order number.
 */
export const judge = ({ accepted, unsure }: Sent, effects: readonly Effect[]): Verdict => {
  const byOrder = Map.groupBy(
    effects.filter(({ effects: count }) => count > 0),
    ({ lastOrderNumber }) => lastOrderNumber,
  )
  const countOf = ({ orderNumber }: Attempted) =>
    (byOrder.get(orderNumber) ?? []).reduce((sum, effect) => sum + effect.effects, 0)
  const numbers = (orders: readonly Attempted[]) => orders.map(({ orderNumber }) => orderNumber)
  const all = [...accepted, ...unsure]
  return {
    lost: numbers(accepted.filter((order) => !order.hopeless && countOf(order) === 0)),
    doubled: numbers(all.filter((order) => countOf(order) > 1)),
    wrong: numbers(all.filter((order) => order.hopeless && countOf(order) > 0)),
  }
}
