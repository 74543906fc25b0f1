import type { OrderStatus } from '@commerce-mesh/gateway'
import { formatDuration } from '../duration.ts'
import type { DetailOptions } from './details.ts'
import { headingOf } from './heading.ts'
import { MARGIN, ROW, layOut } from './layout.ts'
import type { Layout, PlacedRow } from './layout.ts'
import { NEUTRAL, coloursOf, legendOf } from './legend.ts'
import type { Sign } from './legend.ts'
import { MARK_DEFINITIONS, MARK_STYLE, drawMark, endOf, px } from './marks.ts'
import { rowsOf } from './rows.ts'
import type { Row } from './rows.ts'
import { clipped, escaped } from '../../terminal/text.ts'

/** What a picture needs besides the status. */
export type PictureOptions = DetailOptions & { readonly now: Date }

/** A picture with the rows that it shows. */
export type Picture = {
  readonly rows: readonly Row[]
  readonly lines: readonly string[]
  readonly style: string
}

const LINE = 18
const AXIS = 30

const STYLE = `
  text { font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1b2733 }
  .title { font: 600 18px system-ui, sans-serif }
  .quiet { fill: #516678 }
  .small { font-size: 10px; fill: #516678 }
  .grid { stroke: #dde4ea }
  .cut { fill: #eef2f6 }
  .now { stroke: #8a97a5; stroke-dasharray: 2 3 }
  .cause { fill: none; stroke: #b3bec9 }
  .gap, .open { fill: none; stroke-width: 1.2; stroke-dasharray: 4 3 }
  .open { stroke-width: 1.6 }
  .end { text-anchor: end }
  .strong { font-weight: 600 }
  .hit { fill: transparent }
  .row:hover .hit, .row.shown .hit { fill: #eef4fb }
  ${MARK_STYLE}`

const drawText = (text: string, x: number, y: number, style = ''): string =>
  text === ''
    ? ''
    : `<text x="${px(x)}" y="${px(y)}"${style === '' ? '' : ` class="${style}"`} xml:space="preserve">${escaped(text)}</text>`

const drawAxis = ({ ticks, breaks, top, bottom, now }: Layout): readonly string[] => [
  ...breaks.map(
    ({ x, width }) =>
      `<rect x="${px(x + 3)}" y="${top}" width="${px(width - 6)}" height="${bottom - top}" class="cut"/>`,
  ),
  ...ticks.map(
    ({ x, text }) =>
      `<line x1="${px(x)}" x2="${px(x)}" y1="${top - 4}" y2="${bottom}" class="grid"/>${drawText(text, x, top - 8, 'small')}`,
  ),
  ...(now === undefined
    ? []
    : [
        `<line x1="${px(now)}" x2="${px(now)}" y1="${top}" y2="${bottom + 4}" class="now"/>`,
        drawText('now', now - 9, bottom + 15, 'small'),
      ]),
]

const drawCause = ({ cause, y, indent }: PlacedRow): string =>
  cause === undefined ? '' : `<path d="M${cause.x} ${cause.y}V${y}H${indent - 3}" class="cause"/>`

const drawWaits = ({ row, y, bar, gap }: PlacedRow, right: number, colour: string): string => {
  const from = px(endOf(row.mark, bar) + 2)
  const arrow = right - 6
  return [
    ...(gap === undefined
      ? []
      : [
          `<path d="M${from} ${y}H${px(gap.x + gap.width)}" class="gap" stroke="${colour}"/>`,
          drawText(gap.text, gap.x + gap.width / 2 - gap.text.length * 3.1, y - 3, 'small'),
        ]),
    ...(row.isOpen
      ? [
          `<path d="M${from} ${y}H${arrow}" class="open" stroke="${colour}"/>`,
          `<path d="M${arrow - 5} ${y - 5}l6 5l-6 5" fill="none" stroke="${colour}" stroke-width="1.6"/>`,
          drawText(row.waitsFor ?? '', arrow - 8, y - 4, 'small end'),
        ]
      : []),
  ].join('')
}

/** Marks that stand for a point; the others are bars. */
const POINTS: ReadonlySet<Sign['mark']> = new Set<Sign['mark']>(['event', 'dead-letter', 'pending'])

const drawSign = ({ text, mark, colour, x, y }: Sign): string => {
  const place = POINTS.has(mark) ? { x: x + 8, width: 0 } : { x, width: mark === 'dead' ? 8 : 16 }
  const sign =
    mark === 'cut'
      ? `<rect x="${x}" y="${y - 11}" width="16" height="14" class="cut"/>`
      : drawMark(mark, place, y - 4, colour)
  return `${sign}${drawText(text, x + 26, y)}`
}

const spanText = ({ from, to }: Row): string =>
  to > from
    ? `from +${formatDuration(from)}, for ${formatDuration(to - from)}`
    : `at +${formatDuration(from)}`

const drawRow = (placed: PlacedRow, nth: number, { columns, right }: Layout, colour: string): string => {
  const { row, y, indent, name, outcome, bar } = placed
  const isAttempt = row.service !== undefined && row.mark !== 'dead-letter' && row.mark !== 'pending'
  const alarm = row.mark === 'dead' || row.mark === 'dead-letter' ? 'strong' : ''
  return [
    `<g class="row" data-row="${nth}">`,
    `<title>${escaped([row.name, row.outcome, spanText(row)].filter((part) => part !== '').join('  '))}</title>`,
    `<rect x="${MARGIN - 8}" y="${y - ROW / 2}" width="${right - MARGIN + 16}" height="${ROW}" class="hit"/>`,
    drawCause(placed),
    drawText(name, indent, y + 4, row.mark === 'event' ? 'strong' : ''),
    drawText(outcome, columns.outcome, y + 4, alarm),
    drawText(isAttempt ? formatDuration(row.to - row.from) : '', columns.took, y + 4, 'quiet'),
    drawWaits(placed, right, colour),
    drawMark(row.mark, bar, y, colour),
    '</g>',
  ].join('')
}

/**
 * An order as a waterfall: one row per event and attempt, each below what caused it, along one axis of time. The
 * picture needs nothing else and runs nothing; what comes from outside is text in it.
 */
export const drawWaterfall = (status: OrderStatus, options: PictureOptions): Picture => {
  const rows = rowsOf(status, options)
  const start = Date.parse(status.timeline[0]?.at ?? '')
  const heading = headingOf(status)
  const below = 44 + heading.length * LINE
  const now = Math.max(0, options.now.getTime() - start) || 0
  const place = (top: number) => layOut(rows, { top, now, formatted: formatDuration })
  const { right, breaks } = place(0)
  const signs = legendOf(rows, breaks.length > 0, { x: MARGIN, y: below + 30, right })
  const layout = place((signs.at(-1)?.y ?? below) + AXIS + 12)
  const colours = coloursOf(rows)
  const height = layout.bottom + MARGIN
  const title = `Order ${status.orderNumber}: ${status.status}`
  const cells = Math.floor((right - MARGIN) / 7.3)
  return {
    rows,
    style: STYLE,
    lines: [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${height}" width="${layout.width}" height="${height}" role="img" aria-labelledby="picture-title">`,
      `<title id="picture-title">${escaped(title)}</title>`,
      `<style>${STYLE}</style>`,
      `<defs>${MARK_DEFINITIONS}</defs>`,
      `<rect width="${layout.width}" height="${height}" fill="#ffffff"/>`,
      drawText(clipped(title, Math.floor(cells / 1.6)), MARGIN, 36, 'title'),
      ...heading.map((text, nth) => drawText(clipped(text, cells), MARGIN, 60 + nth * LINE, 'quiet')),
      ...signs.map(drawSign),
      ...(rows.length > 0 ? drawAxis(layout) : []),
      ...layout.rows.map((placed, nth) =>
        drawRow(placed, nth, layout, colours.get(placed.row.service ?? '') ?? NEUTRAL),
      ),
      '</svg>',
    ],
  }
}

/** An order as one picture that every browser shows. */
export const renderSvg = (status: OrderStatus, options: PictureOptions): readonly string[] =>
  drawWaterfall(status, options).lines
