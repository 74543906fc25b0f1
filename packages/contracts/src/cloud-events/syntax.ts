import { MAX_ATTRIBUTE_LENGTH } from './limits.ts'

const PERCENT = '%[0-9A-Fa-f]{2}'
const PATH_CHARACTER = `[\\w.~!$&'()*+,;=:@-]|${PERCENT}`
const AUTHORITY =
  `(?:(?:[\\w.~!$&'()*+,;=:-]|${PERCENT})*@)?` +
  `(?:\\[[0-9A-Fa-f:.]+\\]|(?:[\\w.~!$&'()*+,;=-]|${PERCENT})*)(?::[0-9]*)?`
const HIERARCHY = `(?://${AUTHORITY}(?:/(?:${PATH_CHARACTER}|/)*)?|(?!//)(?:${PATH_CHARACTER}|/)*)`
const TAIL = `(?:\\?(?:${PATH_CHARACTER}|[/?])*)?(?:#(?:${PATH_CHARACTER}|[/?])*)?`
const SCHEME = '[A-Za-z][A-Za-z0-9+.-]*:'

const URI = new RegExp(`^${SCHEME}${HIERARCHY}${TAIL}$`)
// A relative reference has no colon in its first segment, or it would read as a scheme.
const URI_REFERENCE = new RegExp(`^(?:${SCHEME}|(?![^/?#]*:))${HIERARCHY}${TAIL}$`)

/** RFC 3986 section 4.1, `URI-reference`: a URI or a relative reference. */
export const isUriReference = (text: string): boolean => URI_REFERENCE.test(text)

/** RFC 3986 section 3, `URI`: has a scheme. A fragment is allowed, as schema addresses often carry one. */
export const isUri = (text: string): boolean => URI.test(text)

const TIMESTAMP =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):(?:[0-5]\d:[0-5]\d|59:60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number => {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** RFC 3339 section 5.6, `date-time`, with a day that exists. */
export const isTimestamp = (text: string): boolean => {
  const parts = TIMESTAMP.exec(text)
  if (parts === null) return false
  const day = Number(parts[3])
  return day <= 28 || day <= daysIn(Number(parts[1]), Number(parts[2]))
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const QUOTED = '"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t\\x20-\\x7e])*"'
const MEDIA_TYPE = new RegExp(
  `^${TOKEN}/${TOKEN}[ \\t]*(?:;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|${QUOTED})[ \\t]*)?)*$`,
)

/** RFC 2046 media type with parameters: `application/json; charset=utf-8`. */
export const isMediaType = (text: string): boolean => text === 'application/json' || MEDIA_TYPE.test(text)

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const DISALLOWED = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/** CloudEvents "Type System", `String`: no control characters, noncharacters or lone surrogates. */
export const isAttributeText = (text: string): boolean => PRINTABLE_ASCII.test(text) || !DISALLOWED.test(text)

/** Whether a text may be the `subject` (and so the key) of an event: not empty, not too long. A record key on a topic may be anything. */
export const isSubject = (text: string): boolean =>
  text !== '' && text.length <= MAX_ATTRIBUTE_LENGTH && isAttributeText(text)
