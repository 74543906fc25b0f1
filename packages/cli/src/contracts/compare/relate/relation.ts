/**
 * How what a writer may write stands to what a reader takes.
 *
 * - `inside`: the reader takes all of it.
 * - `beyond`: the reader refuses some of it.
 * - `apart`: the reader refuses all of it.
 * - `unknown`: it can't be told.
 */
export type Relation = 'inside' | 'beyond' | 'apart' | 'unknown'

/** Relation of an object or list from those of parts that all must be taken. A part that is not always there can't be `apart`. */
export const together = (parts: readonly Relation[]): Relation =>
  parts.includes('apart')
    ? 'apart'
    : parts.includes('beyond')
      ? 'beyond'
      : parts.includes('unknown')
        ? 'unknown'
        : 'inside'

/** Relation of alternatives that may each be written. */
export const eitherOf = (alternatives: readonly Relation[]): Relation => {
  if (alternatives.every((one) => one === 'inside')) return 'inside'
  if (alternatives.every((one) => one === 'apart')) return 'apart'
  return alternatives.some((one) => one === 'apart' || one === 'beyond') ? 'beyond' : 'unknown'
}

/** Relation of a part that need not be there: what goes without it is not refused for it. */
export const whereThere = (part: Relation): Relation => (part === 'apart' ? 'beyond' : part)
