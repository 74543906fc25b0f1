import type { TimelineEntry } from './schema.ts'

/** Entries kept per order (promise 9): the first, and the latest of the rest. */
export const MAX_ENTRIES = 200

const compareText = (one: string, other: string) => (one < other ? -1 : Number(one > other))

/** Order of the timeline: time, then id. The kind keeps an event and a dead letter apart that have the same id. */
const compareEntries = (one: TimelineEntry, other: TimelineEntry): number =>
  compareText(one.at, other.at) || compareText(one.id, other.id) || compareText(one.kind, other.kind)

/** The timeline with one more entry at its place; the same array where the entry is in it already. */
export const addEntry = (
  timeline: readonly TimelineEntry[],
  entry: TimelineEntry,
): readonly TimelineEntry[] => {
  // Facts come nearly in order, so the place is near the end.
  const at = timeline.findLastIndex((known) => compareEntries(known, entry) < 0) + 1
  const next = timeline[at]
  if (next !== undefined && compareEntries(next, entry) === 0) return timeline
  const longer = timeline.toSpliced(at, 0, entry)
  return longer.length > MAX_ENTRIES ? longer.toSpliced(1, longer.length - MAX_ENTRIES) : longer
}
