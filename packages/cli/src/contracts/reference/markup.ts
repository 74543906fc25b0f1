import { escaped } from '../../terminal/text.ts'

/** Text that is HTML already: nothing in it is escaped again. */
export type Html = { readonly html: string }

type Part = string | number | Html | readonly Html[] | undefined

/** Line ends stay; what else has no place in a page becomes a replacement character. */
const textOf = (text: string): string => text.split('\n').map(escaped).join('\n')

const written = (part: Part): string => {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return textOf(String(part))
  return 'html' in part ? part.html : part.map((one) => one.html).join('')
}

/**
 * HTML from a template: what is put in is text, unless it is {@link Html}; undefined is nothing. It is not called `html`,
 * since formatters rewrite the blanks in templates of that name.
 */
export const markup = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.map((text, nth) => text + written(parts[nth])).join(''),
})

/** HTML with text between its parts. */
export const joined = (parts: readonly Html[], between: string): Html => ({
  html: parts.map((part) => part.html).join(textOf(between)),
})

/** A sentence in which words between backticks are code. */
export const prose = (text: string): readonly Html[] =>
  text.split('`').map((part, nth) => (nth % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`))

/** A long name that may break before its dots. */
export const breakable = (name: string): readonly Html[] =>
  name.split('.').map((part, nth) => (nth === 0 ? markup`${part}` : markup`<wbr>.${part}`))
