import { hash } from 'node:crypto'
import type { OrderStatus } from '@commerce-mesh/gateway'
import { formatDuration } from '../duration.ts'
import { PAGE_STYLE, SCRIPT } from './page.ts'
import type { Row } from './rows.ts'
import { drawWaterfall } from './svg.ts'
import type { PictureOptions } from './svg.ts'
import { escaped } from '../../terminal/text.ts'

const allowed = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`

/** The page may run its own script and use its own styles; everything else, and every address, is forbidden. */
const policyOf = (styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${allowed(SCRIPT)}`,
    `style-src ${styles.map(allowed).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const describeRow = ({ name, details }: Row, nth: number): string =>
  [
    `<section data-detail="${nth}" hidden><h2>${escaped(name)}</h2><dl>`,
    ...details.map(({ label, value }) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`),
    '</dl></section>',
  ].join('')

const detailOf = ({ details }: Row, label: string): string =>
  details.find((detail) => detail.label === label)?.value ?? ''

const tableRow = (row: Row, nth: number): string => {
  const { name, outcome, from, to } = row
  const since = `+${formatDuration(from)}`
  const took = to > from ? formatDuration(to - from) : ''
  const why = detailOf(row, 'Reason') || detailOf(row, 'What')
  return [
    `<tr data-row="${nth}" tabindex="0"><td class="time">${since}</td><td>${escaped(name)}</td><td>${escaped(outcome)}</td>`,
    `<td class="time">${took}</td><td>${escaped(why)}</td><td>${escaped(detailOf(row, 'Route'))}</td></tr>`,
  ].join('')
}

const COLUMNS = ['Since start', 'What', 'Outcome', 'Took', 'Why', 'Route']

/** An order as one page that works from a disk: the waterfall, details of each row, and all rows as a table. */
export const renderHtml = (status: OrderStatus, options: PictureOptions): readonly string[] => {
  const { rows, lines, style } = drawWaterfall(status, options)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf([PAGE_STYLE, style])}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(`Order ${status.orderNumber}: ${status.status}`)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<figure>',
    ...lines,
    '</figure>',
    '<aside aria-live="polite"><p data-detail="">Point at a row to see its details. A click keeps them, another lets go.</p>',
    ...rows.map(describeRow),
    '</aside>',
    '<main><h2>All rows</h2>',
    `<table><thead><tr>${COLUMNS.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>`,
    ...rows.map(tableRow),
    '</tbody></table>',
    `<footer>As seen at ${options.now.toISOString()}. Made by mesh trace.</footer></main>`,
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
  ]
}
