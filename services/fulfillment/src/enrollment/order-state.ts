import type { OrderPlaced } from '@commerce-mesh/contracts'
import type { LineVerdict } from '../lms/verdict.ts'

/** Where one line of an order stands. */
export type LineState = {
  readonly courseId: string
  readonly mode: string
  readonly state: 'pending' | 'granted' | 'failed'
  /** MESH_* code of the last trouble, on `pending` and `failed`. */
  readonly code?: string
}

/** What fulfillment remembers of an order. */
export type OrderState = {
  readonly lines: Readonly<Record<string, LineState>>
  /** Username that was looked up, and what it was looked up by. Personal data. */
  readonly account?: { readonly of: string; readonly username: string }
  /** Id of the event whose retries are under way: its failed lines are not asked again before a redrive. */
  readonly retrying?: string
}

/** An order that no event has touched yet. */
export const initialOrderState = (): OrderState => ({ lines: {} })

type Line = OrderPlaced['lines'][number]

/** The line as it is remembered. Line ids come from storefronts: `__proto__` is one like any other. */
export const lineOf = (state: OrderState, lineId: string): LineState | undefined =>
  Object.hasOwn(state.lines, lineId) ? state.lines[lineId] : undefined

/** The first line whose id stands for another course or mode already. */
export const contradictingLine = (state: OrderState, lines: readonly Line[]): Line | undefined =>
  lines.find((line) => {
    const known = lineOf(state, line.lineId)
    return known !== undefined && (known.courseId !== line.courseId || known.mode !== line.mode)
  })

/** Adds the lines of an event; those that are known stay as they are. */
export const withLines = (state: OrderState, lines: readonly Line[]): OrderState => {
  const added = lines
    .filter(({ lineId }) => lineOf(state, lineId) === undefined)
    .map(({ lineId, courseId, mode }): [string, LineState] => [lineId, { courseId, mode, state: 'pending' }])
  return { ...state, lines: Object.fromEntries([...Object.entries(state.lines), ...added]) }
}

const LINE_STATES = { granted: 'granted', transient: 'pending', permanent: 'failed' } as const

/** Writes down what became of lines; the others stay as they are. */
export const withVerdicts = (state: OrderState, verdicts: ReadonlyMap<string, LineVerdict>): OrderState => {
  const next = Object.entries(state.lines).map(([lineId, line]): [string, LineState] => {
    const result = verdicts.get(lineId)
    if (result === undefined) return [lineId, line]
    const { courseId, mode } = line
    const code = result.verdict === 'granted' ? {} : { code: result.code }
    return [lineId, { courseId, mode, state: LINE_STATES[result.verdict], ...code }]
  })
  return { ...state, lines: Object.fromEntries(next) }
}

/** The lines of an event that are still to be granted. With `leaveFailed`, refused lines are not among them. */
export const openLines = <L extends Line>(
  state: OrderState,
  lines: readonly L[],
  leaveFailed: boolean,
): L[] =>
  lines.filter(({ lineId }) => {
    const stands = lineOf(state, lineId)?.state
    return stands !== 'granted' && !(leaveFailed && stands === 'failed')
  })

/** State of each line, for the journal. */
export const journalLines = (state: OrderState): Record<string, string> =>
  Object.fromEntries(Object.entries(state.lines).map(([lineId, line]) => [lineId, line.state]))
