/** How far a line is that was paid. */
export type LineState = 'paid' | 'pending' | 'granted' | 'failed'

/** What one fact says about one line; also what is kept of all of them. */
export type LineFact = {
  readonly lineId: string
  readonly state: LineState
  /** When that was so; sortable as text. */
  readonly at: string
  /** Missing where only the journal has named the line so far. */
  readonly courseId?: string
  readonly mode?: string
}

const STATES: Readonly<Record<LineState, { readonly stage: number; readonly rank: number }>> = {
  paid: { stage: 0, rank: 0 },
  pending: { stage: 1, rank: 1 },
  failed: { stage: 1, rank: 2 },
  granted: { stage: 1, rank: 3 },
}

/** Whether a state that the journal names is one that the view follows. */
export const isLineState = (state: string): state is LineState => Object.hasOwn(STATES, state)

/**
 * Whether a fact is newer. Being paid always comes before being granted, whatever two services' clocks say; within a
 * stage the later one counts, and at the same millisecond the better news.
 */
const supersedes = (fact: LineFact, known: LineFact): boolean => {
  const one = STATES[fact.state]
  const other = STATES[known.state]
  if (one.stage !== other.stage) return one.stage > other.stage
  return fact.at === known.at ? one.rank > other.rank : fact.at > known.at
}

const merge = (known: LineFact, fact: LineFact): LineFact => {
  const newer = supersedes(fact, known)
  const names = known.courseId === undefined && fact.courseId !== undefined
  if (!newer && !names) return known
  const { courseId, mode } = names ? fact : known
  const { lineId, state, at } = newer ? fact : known
  return {
    lineId,
    state,
    at,
    ...(courseId !== undefined && { courseId }),
    ...(mode !== undefined && { mode }),
  }
}

/** The lines after some facts, by line id; the same array where they say nothing new. */
export const addLineFacts = (lines: readonly LineFact[], facts: readonly LineFact[]): readonly LineFact[] => {
  const byId = new Map(lines.map((line) => [line.lineId, line]))
  let changed = false
  for (const fact of facts) {
    const known = byId.get(fact.lineId)
    const next = known === undefined ? fact : merge(known, fact)
    changed ||= next !== known
    byId.set(fact.lineId, next)
  }
  if (!changed) return lines
  return [...byId.values()].toSorted((one, other) => (one.lineId < other.lineId ? -1 : 1))
}
