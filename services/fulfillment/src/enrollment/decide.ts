import {
  orderFulfilled,
  orderFulfillmentFailed,
  type CloudEvent,
  type OrderPlaced,
} from '@commerce-mesh/contracts'
import {
  CATALOGUE,
  dead,
  done,
  emit,
  retry,
  type Draft,
  type Exhaustion,
  type MeshCode,
  type Outcome,
} from '@commerce-mesh/mesh'
import type { LineVerdict, Transient } from '../lms/verdict.ts'
import { journalLines, withLines, withVerdicts, type OrderState } from './order-state.ts'

/** What became of the lines that were tried, by line id. */
export type Verdicts = ReadonlyMap<string, LineVerdict>

const linesOf = (state: OrderState) =>
  Object.entries(state.lines).map(([lineId, line]) => ({ lineId, ...line }))

const settled = ({ lines, account }: OrderState): OrderState => ({
  lines,
  ...(account !== undefined && { account }),
})

const failure = (state: OrderState, orderNumber: string, now: Date): Draft =>
  emit(orderFulfillmentFailed, { orderNumber, failedAt: now.toISOString(), lines: linesOf(state) })

const success = (state: OrderState, orderNumber: string, now: Date): Draft => {
  const lines = linesOf(state).map(({ lineId, courseId, mode }) => ({ lineId, courseId, mode }))
  return emit(orderFulfilled, { orderNumber, fulfilledAt: now.toISOString(), lines })
}

const waitOf = (result: LineVerdict) => (result.verdict === 'transient' ? (result.afterMs ?? 0) : 0)

/** An outage before one troubled call; among equals, the longer wait. */
const byGravity = (a: Transient, b: Transient) =>
  Number(b.scope === 'dependency') - Number(a.scope === 'dependency') || waitOf(b) - waitOf(a)

const gravest = (verdicts: Verdicts): Transient | undefined =>
  [...verdicts.values()].filter((result) => result.verdict === 'transient').toSorted(byGravity)[0]

const again = (trouble: Transient, verdicts: Verdicts, state: OrderState): Outcome<OrderState> => {
  const afterMs = Math.max(...[...verdicts.values()].map(waitOf))
  const { code, reason, scope } = trouble
  return retry(
    { code, reason, scope, ...(afterMs > 0 && { afterMs }) },
    { state, lines: journalLines(state) },
  )
}

const meaningOf = (code: string | undefined) =>
  CATALOGUE[code as MeshCode]?.meaning ?? 'The line could not be granted.'

const refusal = (failed: ReturnType<typeof linesOf>, verdicts: Verdicts) => {
  const reasons = failed.map(({ lineId, code }) => {
    const result = verdicts.get(lineId)
    return result?.verdict === 'permanent' ? result.reason : meaningOf(code)
  })
  const different = [...new Set(reasons)]
  const more = different.length > 3 ? ` And ${different.length - 3} more.` : ''
  return {
    code: failed[0]?.code ?? 'MESH_LMS_REQUEST_REFUSED',
    reason: different.slice(0, 3).join(' ') + more,
  }
}

/**
 * The decision about an order, once its lines were tried: anything that may still come right is tried again; otherwise
 * a line that was refused needs a person; otherwise the order is fulfilled, if no other event left a line of it open.
 *
 * @param state - before the event.
 * @param verdicts - the lines of this event that were tried now; those left out stand as the state says.
 */
export const decide = (
  state: OrderState,
  event: Pick<CloudEvent<OrderPlaced>, 'id' | 'data'>,
  verdicts: Verdicts,
  now: Date,
): Outcome<OrderState> => {
  const { orderNumber, lines } = event.data
  const next = settled(withVerdicts(withLines(state, lines), verdicts))
  const trouble = gravest(verdicts)
  if (trouble !== undefined) return again(trouble, verdicts, { ...next, retrying: event.id })

  const own = new Set(lines.map(({ lineId }) => lineId))
  const failed = linesOf(next).filter((line) => own.has(line.lineId) && line.state === 'failed')
  const journal = { lines: journalLines(next) }
  if (failed.length > 0) {
    return dead(refusal(failed, verdicts), {
      state: next,
      events: [failure(next, orderNumber, now)],
      ...journal,
    })
  }
  const complete = linesOf(next).every((line) => line.state === 'granted')
  if (complete) return done(next, [success(next, orderNumber, now)], journal)
  return done(next, [], { reason: 'These lines are granted; other lines of the order are not.', ...journal })
}

/** What an order leaves behind whose retry time has run out: what is still pending has failed. */
export const giveUp = (
  state: OrderState,
  { orderNumber, lines }: OrderPlaced,
  now: Date,
): Exhaustion<OrderState> => {
  const known = settled(withLines(state, lines))
  const own = new Set(lines.map(({ lineId }) => lineId))
  const ended = Object.entries(known.lines).map(([lineId, line]) =>
    own.has(lineId) && line.state === 'pending'
      ? ([lineId, { ...line, state: 'failed' }] as const)
      : ([lineId, line] as const),
  )
  const next: OrderState = { ...known, lines: Object.fromEntries(ended) }
  return { state: next, events: [failure(next, orderNumber, now)], lines: journalLines(next) }
}
