import { orderPlaced, sampleOf, type OrderPlaced } from '@commerce-mesh/contracts'
import type { LineState } from './order-state.ts'

type Line = OrderPlaced['lines'][number]

/** Course run of a line, named after the line. */
export const courseOf = (lineId: string): string => `course-v1:edX+${lineId.replaceAll('_', '')}+2026`

/** A line of a placed order. */
export const line = (lineId: string, more: Partial<Line> = {}): Line => ({
  lineId,
  kind: 'seat',
  courseId: courseOf(lineId),
  mode: 'verified',
  price: 14_900,
  ...more,
})

/** Data of `order.placed` with these lines, of a learner known by username. */
export const orderOf = (lines: readonly Line[], more: Partial<OrderPlaced> = {}): OrderPlaced => ({
  ...sampleOf(orderPlaced),
  learner: { username: 'alice' },
  lines: [...lines],
  ...more,
})

/** A line as fulfillment remembers it. */
export const remembered = (lineId: string, state: LineState['state'], code?: string): LineState => ({
  courseId: courseOf(lineId),
  mode: 'verified',
  state,
  ...(code !== undefined && { code }),
})
