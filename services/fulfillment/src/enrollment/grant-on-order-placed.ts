import {
  orderFulfilled,
  orderFulfillmentFailed,
  orderPlaced,
  type OrderPlaced,
} from '@commerce-mesh/contracts'
import {
  dead,
  handles,
  implement,
  suppressed,
  traceIdOf,
  type Handler,
  type HandlerContext,
} from '@commerce-mesh/mesh'
import type { EnrollmentWish, Lms } from '../lms/port.ts'
import type { LineVerdict } from '../lms/verdict.ts'
import { decide, giveUp, type Verdicts } from './decide.ts'
import { grantLine } from './grant-line.ts'
import { accountOf } from './learner-account.ts'
import { contradictingLine, journalLines, lineOf, openLines, type OrderState } from './order-state.ts'

/** What is known of the handler before there is an LMS to call. */
export const grantDeclaration = handles(orderPlaced, 'grant-on-order-placed', {
  emits: [orderFulfilled, orderFulfillmentFailed],
  reads: ['orderNumber', 'placedAt', 'learner', 'lines', 'emailOptIn'],
})

type Line = OrderPlaced['lines'][number]

/** Takes notice of every line that was tried; told no personal data. */
export type LineWatcher = (seen: {
  /** Trace of the order, 32 hex digits. */
  traceId: string
  orderNumber: string
  lineId: string
  courseId: string
  mode: string
  result: LineVerdict
}) => void

/** What the handler may be told. */
export type GrantOptions = {
  /** Send the order's email opt-in along (interop section 1, semantics 5). */
  readonly sendEmailOptIn: boolean
  readonly watch?: LineWatcher
}

const wishFor = (
  order: OrderPlaced,
  line: Line,
  username: string,
  sendEmailOptIn: boolean,
): EnrollmentWish => ({
  username,
  courseId: line.courseId,
  mode: line.mode,
  orderNumber: order.orderNumber,
  placedAt: order.placedAt,
  ...(line.mode === 'credit' && line.creditProvider !== undefined && { creditProvider: line.creditProvider }),
  ...(sendEmailOptIn && order.emailOptIn !== undefined && { emailOptIn: order.emailOptIn }),
})

/** Tries line by line. A line that fails stops no other; an LMS that is down as a whole is not asked for the rest. */
const tryLines = async (
  lines: readonly Line[],
  attempt: (line: Line) => Promise<LineVerdict>,
): Promise<Verdicts> => {
  const verdicts = new Map<string, LineVerdict>()
  let outage: LineVerdict | undefined
  for (const line of lines) {
    const result = outage ?? (await attempt(line))
    if (result.verdict === 'transient' && result.scope === 'dependency') outage = result
    verdicts.set(line.lineId, result)
  }
  return verdicts
}

const contradiction = (state: OrderState, lineId: string) =>
  dead<OrderState>(
    {
      code: 'MESH_ORDER_CONFLICT',
      reason: `Line ${lineId} of this order stands for another course or mode already; that one is kept.`,
    },
    { lines: journalLines(state) },
  )

/** `order.placed` -> every line granted in the LMS, each on its own; lines that are granted are never asked again. */
export const grantOnOrderPlaced = (lms: Lms, options: GrantOptions): Handler<OrderState> => {
  const grant = async (
    order: OrderPlaced,
    state: OrderState,
    open: readonly Line[],
    context: HandlerContext,
  ) => {
    const account = await accountOf(order.learner, state, lms, context)
    const verdicts = await tryLines(open, async (line) =>
      account.verdict === 'known'
        ? grantLine(lms, wishFor(order, line, account.value.username, options.sendEmailOptIn), context)
        : account,
    )
    const traceId = traceIdOf(context.traceparent)
    for (const { lineId, courseId, mode } of open) {
      const result = verdicts.get(lineId)
      if (result !== undefined)
        options.watch?.({ traceId, orderNumber: order.orderNumber, lineId, courseId, mode, result })
    }
    const remember = account.verdict === 'known' ? account.value.remember : undefined
    return { verdicts, state: remember === undefined ? state : { ...state, account: remember } }
  }

  return implement(
    grantDeclaration,
    async (event, state: OrderState, context) => {
      const { lines } = event.data
      const wrong = contradictingLine(state, lines)
      if (wrong !== undefined) return contradiction(state, wrong.lineId)
      if (lines.every(({ lineId }) => lineOf(state, lineId)?.state === 'granted')) {
        return suppressed('Every line of this event was granted before.', { lines: journalLines(state) })
      }
      // A refused line is not asked again by a retry (of the other lines), but by a redrive: the outcome `dead` has cleared `retrying`.
      const leaveFailed = context.attempt > 1 && state.retrying === event.id
      const tried = await grant(event.data, state, openLines(state, lines, leaveFailed), context)
      return decide(tried.state, event, tried.verdicts, context.now)
    },
    (event, state, { now }) => giveUp(state, event.data, now),
  )
}
