import type { Mark } from './rows.ts'
import type { Stretch } from './scale.ts'

const BAR = 10
const DIAMOND = 6
const CROSS = 4
/** Colour of what a person must look at; its shape says so too. */
const ALARM = '#b42318'

const cross = (x: number, y: number): string =>
  `<path d="M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}" class="cross"/>`

/** Two digits are more than a pixel shows. */
export const px = (value: number): string => String(Number(value.toFixed(2)))

const bar = ({ x, width }: Stretch, y: number, fill: string, stroke: string): string =>
  `<rect x="${px(x)}" y="${y - BAR / 2}" width="${px(width)}" height="${BAR}" rx="2" fill="${fill}" stroke="${stroke}"/>`

/** The shape of a mark: bars from `x` on, points around it. Every outcome has its own, also without colours. */
export const drawMark = (mark: Mark, { x, width }: Stretch, y: number, colour: string): string => {
  const [left, end] = [Number(px(x)), Number(px(x + width))]
  switch (mark) {
    case 'event':
      return `<path d="M${left} ${y - DIAMOND}l${DIAMOND} ${DIAMOND}l${-DIAMOND} ${DIAMOND}l${-DIAMOND} ${-DIAMOND}z" fill="${colour}"/>`
    case 'done':
      return bar({ x, width }, y, colour, colour)
    case 'suppressed':
      return bar({ x, width }, y, '#ffffff', colour)
    case 'retry':
      return bar({ x, width }, y, colour, colour) + bar({ x, width }, y, 'url(#stripes)', colour)
    case 'dead':
      return bar({ x, width }, y, colour, colour) + cross(end + CROSS + 5, y)
    case 'dead-letter':
      return `<rect x="${left - 7}" y="${y - 7}" width="14" height="14" rx="2" fill="#ffffff" stroke="${ALARM}"/>${cross(left, y)}`
    case 'pending':
      return `<circle cx="${left}" cy="${y}" r="4" fill="#ffffff" stroke="${colour}"/>`
  }
}

/** Where a mark ends, for a line that goes on from there. */
export const endOf = (mark: Mark, { x, width }: Stretch): number => {
  if (mark === 'event') return x + DIAMOND
  if (mark === 'dead-letter') return x + 8
  if (mark === 'pending') return x + 5
  return mark === 'dead' ? x + width + 2 * CROSS + 8 : x + width
}

/** Styles that marks need. */
export const MARK_STYLE = `.cross { fill: none; stroke: ${ALARM}; stroke-width: 2.4 }`

/** Patterns that marks need. */
export const MARK_DEFINITIONS =
  '<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" fill="#ffffff"/></pattern>'
