import type { OrderStatus } from '@commerce-mesh/gateway'
import { plainCall } from '../terminal/call.ts'
import type { Paint } from '../terminal/paint.ts'
import { cutMiddle, hang, layOut } from './layout.ts'
import type { Branch, Line } from './layout.ts'
import { growTree } from './tree.ts'
import type { Consumers, EventNode, Handling } from './tree.ts'
import { attemptText, eventText, letterText, nextText, noteTexts, routeOf } from './words.ts'
import type { Wording } from './words.ts'

/** What rendering needs besides the status. */
export type RenderOptions = Wording & {
  readonly consumers: Consumers
  /** Event types that have an entry of their own in a timeline; left out: all. */
  readonly shown?: ReadonlySet<string>
  /** Why services are held back, as `GET /readyz` says. */
  readonly notes?: Readonly<Record<string, string>>
  /** Whether each attempt says which route led there. */
  readonly explain?: boolean
}

const pendingBranch = (service: string, { paint, notes, call = plainCall }: RenderOptions): Branch => {
  const note = notes?.[service]
  return {
    text: paint.yellow(`${service} has not handled it yet (${call('status')})`),
    below: (indent) => (note === undefined ? [] : noteTexts(note, paint)).map((text) => ({ indent, text })),
  }
}

/** What stands below the latest attempt: when the next one is due, or what to do about the dead letter. */
const standing = ({ service, attempts, letter }: Handling, options: RenderOptions): readonly string[] => {
  const latest = attempts.at(-1)?.hop
  const note = options.notes?.[service]
  return [
    ...(latest?.outcome === 'retry' && latest.nextAttemptAt !== undefined
      ? [
          nextText(latest.nextAttemptAt, options),
          ...(note === undefined ? [] : noteTexts(note, options.paint)),
        ]
      : []),
    ...(letter === undefined ? [] : letterText(letter, latest?.code !== letter.code, options)),
  ]
}

const handlingBranches = (handling: Handling, options: RenderOptions): readonly Branch[] => {
  const notes = (indent: string) => standing(handling, options).map((text): Line => ({ indent, text }))
  const latest = handling.attempts.at(-1)
  if (latest === undefined) return [{ text: `${handling.service}/${handling.handler}`, below: notes }]
  return cutMiddle(handling.attempts).map((attempt): Branch => {
    if (typeof attempt === 'number')
      return { text: options.paint.dim(`… ${attempt} more attempts (--json shows them)`) }
    const { hop, caused } = attempt
    const below = (indent: string) => [
      ...(options.explain === true ? [{ indent, text: options.paint.dim(`route: ${routeOf(hop)}`) }] : []),
      ...(attempt === latest ? notes(indent) : []),
      ...hang(
        caused.map((event) => eventBranch(event, options)),
        indent,
      ),
    ]
    return { at: hop.at, text: attemptText(hop, options.paint), below }
  })
}

const nodeText = ({ type, entry }: EventNode, { paint, shown }: RenderOptions): string => {
  if (entry !== undefined) return eventText(entry, paint)
  // An event of a plugin never had an entry: that the handler caused it is all there is to tell.
  const isGone = shown?.has(type) ?? true
  return isGone ? `${paint.bold(type)}  ${paint.dim('(not in the timeline any more)')}` : paint.bold(type)
}

const eventBranch = (event: EventNode, options: RenderOptions): Branch => ({
  ...(event.entry && { at: event.entry.at }),
  text: nodeText(event, options),
  below: (indent) =>
    hang(
      [
        ...event.handlings.flatMap((handling) => handlingBranches(handling, options)),
        ...event.pending.map((service) => pendingBranch(service, options)),
      ],
      indent,
    ),
})

const STATUS_COLOUR = {
  submitted: 'yellow',
  paid: 'yellow',
  fulfilling: 'yellow',
  fulfilled: 'green',
  failed: 'red',
} as const

const headLines = (status: OrderStatus, paint: Paint): readonly string[] => {
  const origin = [
    ...(status.submittedBy === null
      ? ['not handed in by a storefront yet']
      : [`handed in by ${status.submittedBy}`]),
    ...(status.traceId === undefined ? [] : [`trace ${status.traceId}`]),
  ]
  const lines = status.lines.map(({ lineId, state, courseId, mode }) => {
    const course = courseId === undefined ? '' : `  ${courseId}${mode === undefined ? '' : ` (${mode})`}`
    return `  line ${lineId}  ${state}${course}`
  })
  return [
    `${paint.bold(status.orderNumber)}  ${paint[STATUS_COLOUR[status.status]](status.status)}`,
    paint.dim(`  ${origin.join(', ')}`),
    ...lines,
  ]
}

/** An order's status as lines for people: its state, its lines, and a tree of what happened, each with the time since the first fact. */
export const renderTrace = (status: OrderStatus, options: RenderOptions): readonly string[] => {
  const { roots, strays } = growTree(status, options.consumers)
  const lines = roots.flatMap((root): readonly Line[] => {
    const { at, text, below } = eventBranch(root, options)
    return [{ indent: '', text, ...(at !== undefined && { at }) }, ...(below?.('') ?? [])]
  })
  const letters = strays.flatMap((letter) =>
    letterText(letter, true, options).map((text, index): Line => ({
      indent: index === 0 ? '' : '   ',
      text,
      ...(index === 0 && { at: letter.at }),
    })),
  )
  const start = status.timeline[0]?.at
  const head = headLines(status, options.paint)
  if (start === undefined) return [...head, '', '  Accepted; nothing has handled it yet.']
  return [
    ...head,
    '',
    options.paint.dim(`  ${start.slice(0, 10)} ${start.slice(11)}`),
    ...layOut([...lines, ...letters], start, options.paint),
  ]
}
