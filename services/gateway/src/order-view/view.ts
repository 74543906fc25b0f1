import type { LineFact } from './lines.ts'
import type { Letter } from './letters.ts'
import type { TimelineEntry } from './schema.ts'

/** The submission that came first; a later one with other contents does not stand. */
export type Submission = {
  readonly at: string
  readonly id: string
  readonly by: string
  /** A vendor published it itself: one that came through the gateway counts before it, whatever time it names. */
  readonly outside?: true
  readonly lines: readonly { readonly lineId: string; readonly courseId: string; readonly mode: string }[]
}

/**
 * Everything seen about one order. Plain JSON, no personal data. Topics have no order among each other, so every field
 * is a function of the set of facts seen, never of their arrival.
 */
export type OrderView = {
  /** Empty until the first fact. */
  readonly orderNumber: string
  readonly submission: Submission | null
  /** Whether `payment.captured` was seen. */
  readonly captured: boolean
  /** The trace to show; `rank` decides among several: the smallest as text. */
  readonly trace: { readonly rank: string; readonly traceId: string } | null
  /**
   * The payment to find the order by; `rank` decides among several as above. Missing until a fact names one, also in
   * documents of before it was kept.
   */
  readonly payment?: { readonly rank: string; readonly reference: string }
  /** Lines that are paid or further, by line id. */
  readonly lines: readonly LineFact[]
  readonly letters: readonly Letter[]
  /** By time, then id. */
  readonly timeline: readonly TimelineEntry[]
}

/** The view of an order that nothing was seen of. */
export const initialOrderView = (): OrderView => ({
  orderNumber: '',
  submission: null,
  captured: false,
  trace: null,
  lines: [],
  letters: [],
  timeline: [],
})
