import type { OrderLine, OrderSubmitted } from '@commerce-mesh/contracts'

/** Lines of one order: the contract's limit for a submission holds for what is merged, too. */
const MAX_LINES = 100

/** How a submission relates to the one that stands. */
export type Comparison =
  /** Nothing new. */
  | { readonly relation: 'same' }
  /** `titan` brought more lines of the same order. */
  | { readonly relation: 'extends'; readonly fresh: readonly OrderLine[] }
  /** The storefront said `pending` before and says `captured` now; all else is equal. */
  | { readonly relation: 'paid' }
  /** `what` names the fields, never their values: they may be personal. */
  | { readonly relation: 'conflict'; readonly what: string }

/** Deep equality of plain JSON. Key order does not matter; an undefined value counts as missing. */
export const sameJson = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const left = new Map(Object.entries(one).filter(([, value]) => value !== undefined))
  const right = Object.entries(other).filter(([, value]) => value !== undefined)
  return left.size === right.length && right.every(([name, value]) => sameJson(left.get(name), value))
}

const byLineId = (lines: readonly OrderLine[]) =>
  lines.toSorted((one, other) => (one.lineId < other.lineId ? -1 : 1))

/**
 * What was ordered. Who handed it in and through which door is not part of it; the same instant may be written in
 * several ways, and lines have ids, so their order says nothing.
 */
const contents = ({ submittedBy: _by, channel: _channel, ...order }: OrderSubmitted) => ({
  ...order,
  placedAt: Date.parse(order.placedAt),
  lines: byLineId(order.lines),
})

const differingFields = (first: OrderSubmitted, again: OrderSubmitted): string[] => {
  const left: Record<string, unknown> = contents(first)
  const right: Record<string, unknown> = contents(again)
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].filter((name) => !sameJson(left[name], right[name])).toSorted()
}

const paidThroughTitan = (order: OrderSubmitted) =>
  order.channel === 'titan' && order.payment.status === 'captured'

const mergeLines = (first: OrderSubmitted, again: OrderSubmitted): Comparison => {
  const known = new Map(first.lines.map((line) => [line.lineId, line]))
  if (again.lines.some((line) => known.has(line.lineId) && !sameJson(known.get(line.lineId), line))) {
    return { relation: 'conflict', what: 'lines' }
  }
  const fresh = again.lines.filter((line) => !known.has(line.lineId))
  if (fresh.length === 0) return { relation: 'same' }
  if (known.size + fresh.length > MAX_LINES)
    return { relation: 'conflict', what: `lines (more than ${MAX_LINES})` }
  return { relation: 'extends', fresh }
}

/** The same order, told before and after its payment. In either order of arrival it is paid in the end. */
const comparePayments = (first: OrderSubmitted, again: OrderSubmitted): Comparison | undefined => {
  const statuses = `${first.payment.status} ${again.payment.status}`
  if (statuses === 'pending captured') return { relation: 'paid' }
  return statuses === 'captured pending' ? { relation: 'same' } : undefined
}

/**
 * Compares a submission with the one that stands. Lines of one order may come one by one through `titan` (contract
 * `order.submitted`), so there only the learner and the lines that both name are compared.
 */
export const compareSubmissions = (first: OrderSubmitted, again: OrderSubmitted): Comparison => {
  const fields = differingFields(first, again)
  if (fields.length === 0) return { relation: 'same' }
  const payments = fields.join() === 'payment' ? comparePayments(first, again) : undefined
  if (payments !== undefined) return payments
  if (paidThroughTitan(first) && paidThroughTitan(again) && !fields.includes('learner'))
    return mergeLines(first, again)
  return { relation: 'conflict', what: fields.join(', ') }
}
