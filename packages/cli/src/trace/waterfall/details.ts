import { actionOf } from '../../client/readiness.ts'
import { plainCall } from '../../terminal/call.ts'
import type { Call } from '../../terminal/call.ts'
import { formatDuration } from '../duration.ts'
import type { Consumers, EventNode, HopEntry, LetterEntry } from '../tree.ts'
import { adviceFor, routeOf } from '../words.ts'

/** What is known of a row beyond what fits into it. */
export type Detail = { readonly label: string; readonly value: string }

/** What the details depend on besides the timeline. */
export type DetailOptions = {
  readonly consumers: Consumers
  /** Why services are held back, as `GET /readyz` says. */
  readonly notes?: Readonly<Record<string, string>>
  readonly call?: Call
}

const known = (pairs: readonly (readonly [label: string, value: string | undefined])[]): readonly Detail[] =>
  pairs.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]))

const codePairs = (code: string | undefined): readonly (readonly [string, string | undefined])[] => {
  const advice = code === undefined ? undefined : adviceFor(code)
  return [
    ['Code', code],
    ['What it means', advice?.meaning],
    ['To do', advice?.action],
  ]
}

/** Details of an event. */
export const eventDetails = ({ id, type, entry }: EventNode): readonly Detail[] =>
  known([
    ['Event', type],
    ['Event id', id],
    ['At', entry?.at ?? 'not in the timeline'],
    ['What', entry?.detail],
    ['Payment', entry?.paymentReference],
  ])

/** Details of an attempt, with the catalogue's advice where it names a code. */
export const attemptDetails = (hop: HopEntry): readonly Detail[] =>
  known([
    ['Handler', `${hop.service}/${hop.handler}`],
    ['Outcome', `${hop.outcome}, attempt ${hop.attempt}`],
    ['Began', hop.at],
    ['Took', formatDuration(hop.durationMs)],
    ['Reason', hop.reason],
    ...codePairs(hop.code),
    ['Next attempt', hop.nextAttemptAt],
    ['Route', routeOf(hop)],
    ['Event', `${hop.eventType}, id ${hop.eventId}`],
    ['Emitted', hop.caused.map(({ id, type }) => `${type}, id ${id}`).join('; ')],
    ['Trace', hop.traceId],
    ['Journal', hop.id],
  ])

/** Details of a dead letter that waits for a person. */
export const letterDetails = (letter: LetterEntry, { call = plainCall }: DetailOptions): readonly Detail[] =>
  known([
    ['Dead letter', `${letter.id}, class ${letter.class}`],
    ['At', letter.at],
    ['Set aside by', letter.handler === '' ? letter.service : `${letter.service}/${letter.handler}`],
    ['Reason', letter.reason],
    ...codePairs(letter.code),
    ['Look at it', call(`dead show ${letter.id}`)],
    ['Event id', letter.eventId],
  ])

/** Details of a service that has not begun with an event. */
export const pendingDetails = (
  service: string,
  { id, type }: EventNode,
  { notes = {}, call = plainCall }: DetailOptions,
): readonly Detail[] => {
  const note = notes[service]
  return known([
    ['Service', `${service} has not handled it yet`],
    ['Held back', note],
    ['To do', note === undefined ? undefined : actionOf(note)],
    ['Event', `${type}, id ${id}`],
    ['Look at', call('status')],
  ])
}
