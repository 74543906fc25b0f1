import { waitingLetters } from './letters.ts'
import type { LineFact } from './lines.ts'
import type { LineStatus, OrderStatus } from './schema.ts'
import type { OrderView } from './view.ts'

const byLineId = new Intl.Collator('en', { numeric: true })

const statusOf = (lines: readonly LineFact[], captured: boolean): OrderStatus['status'] => {
  const has = (state: LineFact['state']) => lines.some((line) => line.state === state)
  if (lines.length === 0) return captured ? 'paid' : 'submitted'
  if (has('failed')) return 'failed'
  if (lines.every((line) => line.state === 'granted')) return 'fulfilled'
  return has('pending') || has('granted') ? 'fulfilling' : 'paid'
}

/**
 * Lines that were paid, or those of the first submission while none is: a second submission with other contents does
 * not stand, so its lines are not the order's unless they are placed.
 */
const linesOf = ({ lines, submission }: OrderView): LineStatus[] => {
  const submitted = submission?.lines ?? []
  if (lines.length === 0) return submitted.map((line) => ({ ...line, state: 'submitted' }))
  return lines
    .toSorted((one, other) => byLineId.compare(one.lineId, other.lineId))
    .map(({ lineId, state, courseId, mode }) => {
      const named =
        courseId === undefined ? submitted.find((line) => line.lineId === lineId) : { courseId, mode }
      return {
        lineId,
        ...(named?.courseId !== undefined && { courseId: named.courseId }),
        ...(named?.mode !== undefined && { mode: named.mode }),
        state,
      }
    })
}

/**
 * Tells where an order is.
 *
 * @param openLetters - ids of the dead letters that are open in the store. Without them, a letter counts as open until
 *   its event was handled: the view does not see that a person discarded one.
 */
export const toOrderStatus = (view: OrderView, openLetters?: ReadonlySet<string>): OrderStatus => {
  const waiting =
    openLetters === undefined
      ? waitingLetters(view.letters)
      : view.letters.filter(({ id }) => openLetters.has(id))
  return {
    orderNumber: view.orderNumber,
    status: statusOf(view.lines, view.captured),
    submittedBy: view.submission?.by ?? null,
    ...(view.trace !== null && { traceId: view.trace.traceId }),
    lines: linesOf(view),
    ...(waiting.length > 0 && {
      attention: waiting.map(({ id, code, reason }) => ({ deadLetterId: id, code, reason })),
    }),
    timeline: [...view.timeline],
  }
}
