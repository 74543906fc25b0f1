import type { OrderStatus } from '@commerce-mesh/gateway'
import { growTree } from '../tree.ts'
import { clock } from '../words.ts'
import type { Attempt, EventNode, Handling, LetterEntry } from '../tree.ts'
import { attemptDetails, eventDetails, letterDetails, pendingDetails } from './details.ts'
import type { Detail, DetailOptions } from './details.ts'

/** How a row is drawn: an event is a point, an attempt a bar, what waits a line that is open to the right. */
export type Mark = 'event' | 'done' | 'suppressed' | 'retry' | 'dead' | 'dead-letter' | 'pending'

/** One row of a waterfall. Times are milliseconds since the order's first fact. */
export type Row = {
  readonly mark: Mark
  /** How many causes stand above it. */
  readonly depth: number
  /** Index of the row that caused it; missing at a root. */
  readonly parent?: number
  readonly name: string
  /** Missing for events, which nobody alone handles. */
  readonly service?: string
  /** What came of it, readable without the picture. */
  readonly outcome: string
  readonly from: number
  readonly to: number
  /** When the next attempt began; the time until then is drawn as a gap. */
  readonly nextFrom?: number
  /** Whether it still waits: for its next attempt, for a service, or for a person. */
  readonly isOpen: boolean
  /** What it waits for, where that is known. */
  readonly waitsFor?: string
  readonly details: readonly Detail[]
}

/** A row before its place among the causes is known. */
type Draft = Omit<Row, 'depth' | 'parent'>

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' ')

const timeline = (start: number) => {
  const since = (iso: string): number => Math.max(0, Date.parse(iso) - start)

  /** An event that the timeline has dropped stands where its first attempt does. */
  const eventRow = (event: EventNode): Draft => {
    const at = event.entry?.at ?? event.handlings[0]?.attempts[0]?.hop.at
    const from = at === undefined ? 0 : since(at)
    return {
      mark: 'event',
      name: event.type,
      outcome: event.entry === undefined ? 'dropped' : '',
      from,
      to: from,
      isOpen: false,
      details: eventDetails(event),
    }
  }

  const attemptRow = ({ hop }: Attempt, next: Attempt | undefined): Draft => {
    const from = since(hop.at)
    const to = from + hop.durationMs
    const isOpen = hop.outcome === 'retry' && next === undefined
    const nextFrom = next === undefined ? to : since(next.hop.at)
    return {
      mark: hop.outcome,
      name: `${hop.service}/${hop.handler}${hop.attempt > 1 ? ` #${hop.attempt}` : ''}`,
      service: hop.service,
      outcome: words(hop.outcome, hop.code),
      from,
      to,
      ...(nextFrom > to && { nextFrom }),
      isOpen,
      ...(isOpen && hop.nextAttemptAt !== undefined && { waitsFor: `next ${clock(hop.nextAttemptAt)}` }),
      details: attemptDetails(hop),
    }
  }

  const letterRow = (letter: LetterEntry, options: DetailOptions): Draft => {
    const from = since(letter.at)
    return {
      mark: 'dead-letter',
      name: `dead letter ${letter.id}`,
      service: letter.service,
      outcome: words(letter.class, letter.code),
      from,
      to: from,
      isOpen: true,
      details: letterDetails(letter, options),
    }
  }

  const pendingRow = (service: string, event: EventNode, options: DetailOptions): Draft => {
    const { from } = eventRow(event)
    return {
      mark: 'pending',
      name: service,
      service,
      outcome: 'not handled yet',
      from,
      to: from,
      isOpen: true,
      details: pendingDetails(service, event, options),
    }
  }

  return { eventRow, attemptRow, letterRow, pendingRow }
}

/** An order's timeline as rows, each below what caused it. */
export const rowsOf = (status: OrderStatus, options: DetailOptions): readonly Row[] => {
  const { roots, strays } = growTree(status, options.consumers)
  const { eventRow, attemptRow, letterRow, pendingRow } = timeline(Date.parse(status.timeline[0]?.at ?? ''))
  const rows: Row[] = []

  const add = (draft: Draft, parent?: number): number => {
    const above = parent === undefined ? undefined : rows[parent]
    const depth = above === undefined ? 0 : above.depth + 1
    return rows.push({ ...draft, depth, ...(parent !== undefined && { parent }) }) - 1
  }

  const addHandling = ({ attempts, letter }: Handling, event: number) => {
    for (const [nth, attempt] of attempts.entries()) {
      const self = add(attemptRow(attempt, attempts[nth + 1]), event)
      for (const caused of attempt.caused) addEvent(caused, self)
    }
    if (letter !== undefined) add(letterRow(letter, options), event)
  }

  const addEvent = (event: EventNode, parent?: number) => {
    const self = add(eventRow(event), parent)
    for (const handling of event.handlings) addHandling(handling, self)
    for (const service of event.pending) add(pendingRow(service, event, options), self)
  }

  for (const root of roots) addEvent(root)
  for (const stray of strays) add(letterRow(stray, options))
  return rows
}
