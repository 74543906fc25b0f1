/** What a field made of a value: the value it stands for, or the messages that go into the 400. */
export type Parsed<T> = { readonly value: T } | { readonly messages: readonly string[] }

/** Reads one field. The rules and words are those of Django REST framework's serializer fields. */
export type Field<T> = (raw: unknown) => Parsed<T>

const refused = (message: string): Parsed<never> => ({ messages: [message] })

/** The 2023 view asked for each name with `.get()`, so that a missing field was a null one. */
const isNull = (raw: unknown) => raw === null || raw === undefined

const notNull =
  <T>(field: Field<T>): Field<T> =>
  (raw) =>
    isNull(raw) ? refused('This field may not be null.') : field(raw)

/** Lets null (or nothing) through. */
export const orNull =
  <T>(field: Field<T>): Field<T | null> =>
  (raw) =>
    isNull(raw) ? { value: null } : field(raw)

/** CharField: numbers become text, space around it goes, what is left may not be empty. */
export const text = notNull<string>((raw) => {
  if (typeof raw !== 'string' && typeof raw !== 'number') return refused('Not a valid string.')
  const value = String(raw).trim()
  if (value === '') return refused('This field may not be blank.')
  if (value.includes('\0')) return refused('Null characters are not allowed.')
  const surrogate = /\p{Surrogate}/u.exec(value)?.[0]
  if (surrogate !== undefined) {
    return refused(
      `Surrogate characters are not allowed: U+${surrogate.charCodeAt(0).toString(16).toUpperCase()}.`,
    )
  }
  return { value }
})

const LONGEST_NUMBER = 1_000

/** IntegerField: `4`, `4.0` and `" 4 "` are 4; `4.5` and `true` are not. */
export const integer = notNull<number>((raw) => {
  if (typeof raw === 'string' && raw.length > LONGEST_NUMBER) return refused('String value too large.')
  if (typeof raw !== 'string' && typeof raw !== 'number') return refused('A valid integer is required.')
  const written = String(raw)
    .replace(/\.0*\s*$/, '')
    .trim()
  if (!/^[+-]?\d+(_\d+)*$/.test(written)) return refused('A valid integer is required.')
  return { value: Number(written.replaceAll('_', '')) }
})

const TRUE: readonly unknown[] = ['t', 'y', 'yes', 'true', 'on', '1', 1, true]
const FALSE: readonly unknown[] = ['f', 'n', 'no', 'false', 'off', '0', 0, false]

/** BooleanField: also 0 and 1, and the usual words in any case. */
export const boolean = notNull<boolean>((raw) => {
  const value = typeof raw === 'string' ? raw.toLowerCase() : raw
  if (TRUE.includes(value)) return { value: true }
  return FALSE.includes(value) ? { value: false } : refused('Must be a valid boolean.')
})

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i
/** What Python's float() reads and no instant is: not a number, and infinities. */
const NO_INSTANT = /^[+-]?(nan|inf|infinity)$/i

/** Seconds of the years 1 to 9999, the range of Python's datetime. */
const EARLIEST = -62_135_596_800
const LATEST = 253_402_300_799

const secondsOf = (raw: unknown): number | undefined => {
  if (typeof raw === 'number') return raw
  if (typeof raw === 'boolean') return Number(raw)
  if (typeof raw !== 'string') return undefined
  const written = raw.trim()
  if (NO_INSTANT.test(written)) return Number.NaN
  return FLOAT.test(written) ? Number(written.replaceAll('_', '')) : undefined
}

/** The Coordinator's UnixDateTimeField: seconds since the epoch, a float or one in a string. Gives an RFC 3339 instant. */
export const posixTime = notNull<string>((raw) => {
  if (typeof raw === 'string' && raw.length > LONGEST_NUMBER) return refused('String value too large.')
  const seconds = secondsOf(raw)
  if (seconds === undefined) return refused('A valid number is required.')
  if (!(seconds >= EARLIEST && seconds <= LATEST)) return refused('Could not parse POSIX timestamp.')
  return { value: new Date(Math.round(seconds * 1_000)).toISOString() }
})
