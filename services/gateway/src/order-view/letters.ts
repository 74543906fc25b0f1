import type { EntryOf } from './entries.ts'
import type { TimelineEntry } from './schema.ts'

/** A dead letter of this order, as far as the view has to know it. */
export type Letter = {
  readonly id: string
  /** When it was set aside, the last time where it died again after a redrive; sortable as text. */
  readonly at: string
  readonly service: string
  /** Missing where the record could not be read. */
  readonly eventId?: string
  readonly code: string
  readonly reason: string
  /** Whether its event was handled after all: somebody has redriven it. */
  readonly settled: boolean
}

/** Dead letters kept per order: the latest (promise 9). All are in the store: `mesh dead list`. */
const MAX_LETTERS = 50

const settles = (hop: EntryOf<'hop'>, letter: Pick<Letter, 'at' | 'service' | 'eventId'>): boolean =>
  (hop.outcome === 'done' || hop.outcome === 'suppressed') &&
  hop.eventId === letter.eventId &&
  hop.service === letter.service &&
  hop.at >= letter.at

const byTime = (one: Letter, other: Letter) =>
  one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1

const letterOf = (
  { id, at, service, eventId, code, reason }: EntryOf<'dead-letter'>,
  timeline: readonly TimelineEntry[],
): Letter => {
  const letter = { id, at, service, code, reason, ...(eventId !== undefined && { eventId }) }
  return { ...letter, settled: timeline.some((hop) => hop.kind === 'hop' && settles(hop, letter)) }
}

/**
 * The letters with one more. A letter keeps its id when it dies again, so the later one replaces the earlier.
 *
 * @param timeline - where the hop stands that has settled it, if that was seen first.
 */
export const addLetter = (
  letters: readonly Letter[],
  entry: EntryOf<'dead-letter'>,
  timeline: readonly TimelineEntry[],
): readonly Letter[] => {
  const known = letters.find(({ id }) => id === entry.id)
  if (known !== undefined && known.at >= entry.at) return letters
  const others = letters.filter((letter) => letter !== known)
  return [...others, letterOf(entry, timeline)].toSorted(byTime).slice(-MAX_LETTERS)
}

/** The letters after a hop; the same array where it settles none. */
export const settleLetters = (letters: readonly Letter[], hop: EntryOf<'hop'>): readonly Letter[] =>
  letters.some((letter) => !letter.settled && settles(hop, letter))
    ? letters.map((letter) => (settles(hop, letter) ? { ...letter, settled: true } : letter))
    : letters

/** The letters that wait for a person: not settled, and no later letter of the same event in the same service. */
export const waitingLetters = (letters: readonly Letter[]): readonly Letter[] => {
  const replaced = (letter: Letter, at: number) =>
    letter.eventId !== undefined &&
    letters
      .slice(at + 1)
      .some((later) => later.eventId === letter.eventId && later.service === letter.service)
  return letters.filter((letter, at) => !letter.settled && !replaced(letter, at))
}
