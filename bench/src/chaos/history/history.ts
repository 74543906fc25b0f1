import type { Attempted } from '../../crash/storefront.ts'
import type { ChainSent } from '../load/links.ts'

/** One state-changing call that the LMS carried out. */
export type Enrolled = { readonly orderNumber: string | null; readonly courseId: string }

/** What became of the links of a chain. */
export type ChainSeen = ChainSent & {
  /** The links in the order in which they were counted, each as often as it was. */
  readonly counted: readonly number[]
  /** Links of which a `chain.counted` was published. */
  readonly announced: readonly number[]
}

/** Everything that a run left behind: what the outside was told, and what was done. */
export type History = {
  /** Orders of which every request was answered 2xx. */
  readonly accepted: readonly Attempted[]
  /** Orders of which some request was not: part of them may have been taken. */
  readonly unsure: readonly Attempted[]
  /** In the order of the LMS's own record. */
  readonly enrolled: readonly Enrolled[]
  /** Different `order.placed` events by order number. */
  readonly placed: ReadonlyMap<string, number>
  /** Different `order.fulfilled` events by order number. */
  readonly fulfilled: ReadonlyMap<string, number>
  /** Status of each order as the gateway shows it. */
  readonly shown: ReadonlyMap<string, string>
  readonly chains: readonly ChainSeen[]
  /** Keys of the open dead letters whose record a handler refused. */
  readonly refused: readonly string[]
  /** Open dead letters whose record could not be read; and how many of them there have to be. */
  readonly unreadable: { readonly found: number; readonly expected: number }
  /** What was still under way when nothing moved any more: empty when all is settled. */
  readonly underWay: readonly string[]
  /** What a scenario saw with its own eyes that must not be, in words. */
  readonly charges: readonly string[]
  /** Records without a fate, as the audit says. */
  readonly drift: number
}
