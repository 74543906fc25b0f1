import type { OrderStatus } from '@commerce-mesh/gateway'

/** Lines of an order that are named one by one. */
const MOST_LINES = 6

const lineText = ({ lineId, state, courseId, mode }: OrderStatus['lines'][number]): string => {
  const course = courseId === undefined ? '' : `  ${courseId}${mode === undefined ? '' : ` (${mode})`}`
  return `line ${lineId}  ${state}${course}`
}

/** The payment that paid for the order, or that was named first. */
const paymentOf = ({ timeline }: OrderStatus): string | undefined =>
  timeline
    .filter((entry) => entry.kind === 'event')
    .toSorted(
      (a, b) => Number(b.type.startsWith('order.placed.')) - Number(a.type.startsWith('order.placed.')),
    )
    .find(({ paymentReference }) => paymentReference !== undefined)?.paymentReference

/** What stands above the picture of an order, without its number and status. */
export const headingOf = (status: OrderStatus): readonly string[] => {
  const { submittedBy, traceId, lines, attention = [], timeline } = status
  const payment = paymentOf(status)
  const origin = [
    submittedBy === null ? 'not handed in by a storefront yet' : `handed in by ${submittedBy}`,
    ...(payment === undefined ? [] : [`payment ${payment}`]),
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
  ]
  const more = lines.length - MOST_LINES
  const began = timeline[0]?.at
  return [
    origin.join(', '),
    ...lines.slice(0, MOST_LINES).map(lineText),
    ...(more > 0 ? [`and ${more} more lines`] : []),
    ...attention.map(({ deadLetterId, code }) => `a person must look: dead letter ${deadLetterId}, ${code}`),
    began === undefined
      ? 'accepted; nothing has handled it yet'
      : `times are since ${began.slice(0, 10)} ${began.slice(11)}`,
  ]
}
