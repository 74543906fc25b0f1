/** Characters that XML can't hold, and those that turn text around so that it reads as something else. */
const UNFIT = /[\p{Cc}\p{Cs}\uFFFE\uFFFF\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text without what no picture and no terminal should be given. */
export const harmless = (text: string): string => text.replaceAll(UNFIT, '\uFFFD')

/** Text as SVG and HTML take it, between tags or in an attribute, whatever it holds. */
export const escaped = (text: string): string =>
  harmless(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** What may be twice as wide as a Latin letter: everything from Hangul on but for dashes, quotes and the like. */
const WIDE = /[\u1100-\u200F\u2028-\u{10FFFF}]/u

const cellOf = (character: string): number => (WIDE.test(character) ? 2 : 1)

/** Room that a text takes in a font of equal widths, in Latin letters; rather too much than too little. */
export const cellsOf = (text: string): number => Array.from(text).reduce((sum, one) => sum + cellOf(one), 0)

/** The text, or as much of its beginning as fits, with `…`. */
export const clipped = (text: string, cells: number): string => {
  if (cellsOf(text) <= cells) return text
  let left = cells - 1
  const kept = Array.from(text).filter((one) => (left -= cellOf(one)) >= 0)
  return `${kept.join('')}…`
}
