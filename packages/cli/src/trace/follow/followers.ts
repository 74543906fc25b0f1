import type { OrderStatus, TimelineEntry } from '@commerce-mesh/gateway'
import type { Call } from '../../terminal/call.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { formatDuration } from '../duration.ts'
import { renderTrace } from '../render.ts'
import type { RenderOptions } from '../render.ts'
import { attemptText, eventText, letterText, nextText, routeOf } from '../words.ts'
import type { Wording } from '../words.ts'
import type { Follower } from './follow.ts'

/** Room for a time since the start: `+59 min 59 s`. */
const TIME = 12

/** What is told of an order besides its facts. */
export type FollowContext = {
  readonly orderNumber: string
  readonly terminal: Terminal
  readonly call: Call
  /** The name of the mesh that is asked, for people. */
  readonly where: string
}

const textsOf = (
  entry: TimelineEntry,
  wording: Wording & Pick<RenderOptions, 'explain'>,
): readonly string[] => {
  const { paint, explain = false } = wording
  switch (entry.kind) {
    case 'event':
      return [eventText(entry, paint)]
    case 'hop':
      return [
        attemptText(entry, paint),
        ...(explain ? [paint.dim(`route: ${routeOf(entry)}`)] : []),
        ...(entry.outcome === 'retry' && entry.nextAttemptAt !== undefined
          ? [nextText(entry.nextAttemptAt, wording)]
          : []),
      ]
    case 'dead-letter':
      return letterText(entry, true, wording)
  }
}

/** One fact as lines: the time since the order's start, and what happened. */
export const factLines = (
  entry: TimelineEntry,
  { timeline }: Pick<OrderStatus, 'timeline'>,
  wording: Wording & Pick<RenderOptions, 'explain'>,
): readonly string[] => {
  const start = Date.parse(timeline[0]?.at ?? entry.at)
  const time = `+${formatDuration(Math.max(0, Date.parse(entry.at) - start))}`.padStart(TIME)
  return textsOf(entry, wording).map((text, nth) =>
    nth === 0 ? `  ${wording.paint.dim(time)}  ${text}` : `  ${' '.repeat(TIME)}     ${text}`,
  )
}

/** What is said beside the facts, in both forms. */
const notesOf = ({ orderNumber, terminal, where, call }: FollowContext) => {
  const { note, notePaint } = terminal
  return {
    waiting: () =>
      note(
        notePaint.dim(`No order ${orderNumber} is known to ${where} yet; waiting for it. Ctrl-C ends this.`),
      ),
    silent: (thrown: Error) =>
      note(
        notePaint.yellow(`${thrown.message.split('\n')[0]} Asking again until it answers. Ctrl-C ends this.`),
      ),
    answering: () => note(notePaint.dim('It answers again.')),
    attention: ({ attention = [] }: OrderStatus) =>
      note(
        notePaint.yellow(
          `A person must look at it: ${attention.map(({ deadLetterId }) => call(`dead show ${deadLetterId}`)).join(', ')}. ` +
            'It goes on here once a dead letter is redriven. Ctrl-C ends this.',
        ),
      ),
  }
}

/** Writes an order's facts for people: the tree so far, then a line for each new one. */
export const textFollower = (
  context: FollowContext,
  options: Omit<RenderOptions, 'now' | 'paint'>,
): Follower => {
  const { terminal, orderNumber } = context
  const { paint } = terminal
  const wording = () => ({ ...options, now: terminal.now(), paint })
  return {
    ...notesOf(context),
    first: (status) => {
      for (const line of renderTrace(status, wording())) terminal.out(line)
    },
    facts: (entries, status) => {
      for (const entry of entries) for (const line of factLines(entry, status, wording())) terminal.out(line)
    },
    fulfilled: () => terminal.out(`${paint.bold(orderNumber)}  ${paint.green('fulfilled')}`),
  }
}

/** Writes an order's facts for programs: one entry of the timeline a line. */
export const jsonFollower = (context: FollowContext): Follower => {
  const write = (entries: readonly TimelineEntry[]) => {
    for (const entry of entries) context.terminal.out(JSON.stringify(entry))
  }
  return {
    ...notesOf(context),
    first: ({ timeline }) => write(timeline),
    facts: write,
    fulfilled: () => {},
  }
}
