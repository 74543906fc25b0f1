import { CATALOGUE } from '@commerce-mesh/mesh'
import type { CatalogueEntry } from '@commerce-mesh/mesh'
import { actionOf } from '../client/readiness.ts'
import { plainCall } from '../terminal/call.ts'
import type { Call } from '../terminal/call.ts'
import type { Paint } from '../terminal/paint.ts'
import { formatDuration } from './duration.ts'
import type { EventEntry, HopEntry, LetterEntry } from './tree.ts'

/** What the words of a trace depend on besides the facts. */
export type Wording = {
  readonly now: Date
  readonly paint: Paint
  readonly call?: Call
}

/** What the catalogue says of a code; undefined for a code that is not ours. */
export const adviceFor = (code: string): CatalogueEntry | undefined =>
  Object.entries<CatalogueEntry>(CATALOGUE).find(([known]) => known === code)?.[1]

/** The time of day of an instant: `12:00:14Z`. */
export const clock = (iso: string): string => `${iso.slice(11, 19)}Z`

const OUTCOME_COLOUR = { done: 'green', suppressed: 'cyan', retry: 'yellow', dead: 'red' } as const

/** Code and reason, with two blanks before them; empty where there is neither. */
const whyOf = ({ code, reason }: Pick<HopEntry, 'code' | 'reason'>): string => {
  const why = [code, reason].filter((part) => part !== undefined).join(': ')
  return why === '' ? '' : `  ${why}`
}

/** One attempt: who, outcome, number, how long, why. */
export const attemptText = (attempt: HopEntry, paint: Paint): string =>
  `${attempt.service}/${attempt.handler}  ${paint[OUTCOME_COLOUR[attempt.outcome]](attempt.outcome)}  ` +
  `attempt ${attempt.attempt}  ${formatDuration(attempt.durationMs)}${whyOf(attempt)}`

/** An event: its type and what is worth knowing about it. */
export const eventText = ({ type, detail }: Pick<EventEntry, 'type' | 'detail'>, paint: Paint): string =>
  `${paint.bold(type)}${detail === undefined ? '' : `  ${detail}`}`

/** How the reason of a hop begins that no route let through. */
const SKIPPED = 'route: '

/** Which route took an event to its handler, or kept it from there; records of before there were routes don’t say. */
export const routeOf = ({ route, outcome, reason = '' }: HopEntry): string => {
  const skipped = outcome === 'suppressed' && reason.startsWith(SKIPPED)
  return skipped ? `skipped, ${reason.slice(SKIPPED.length)}` : (route ?? 'not recorded')
}

/** When the next attempt is due. */
export const nextText = (iso: string, { now, paint, call = plainCall }: Wording): string => {
  const remaining = Date.parse(iso) - now.getTime()
  return paint.yellow(
    remaining > 0
      ? `waits: next attempt in ${formatDuration(remaining)}, at ${clock(iso)}`
      : `waits: the next attempt is due since ${clock(iso)} (${call('status')} tells what holds it back)`,
  )
}

/**
 * What a person must do about a dead letter, in lines.
 *
 * @param why - unless the attempt above says it.
 */
export const letterText = (
  letter: LetterEntry,
  why: boolean,
  { paint, call = plainCall }: Wording,
): readonly string[] => {
  const advice = adviceFor(letter.code)
  return [
    paint.red(`dead letter ${letter.id} (${letter.class})`) + (why ? whyOf(letter) : ''),
    ...(advice === undefined ? [] : [`to do: ${advice.action}`]),
    paint.dim(call(`dead show ${letter.id}`)),
  ]
}

/** Why a service is held back, and what to do about it. */
export const noteTexts = (note: string, paint: Paint): readonly string[] => {
  const action = actionOf(note)
  return [paint.yellow(note), ...(action === undefined ? [] : [`to do: ${action}`])]
}
