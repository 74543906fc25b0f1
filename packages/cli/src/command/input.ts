import { UsageError } from './usage-error.ts'

/** What stood on the command line, checked against the command's flags and arguments. */
export type Input = {
  /** A positional argument that the command needs. */
  argument(name: string): string
  optionalArgument(name: string): string | undefined
  /** Every value of an argument that may be given several times. */
  arguments(name: string): readonly string[]
  /** A flag's text; undefined when it was not given. */
  text(flag: string): string | undefined
  texts(flag: string): readonly string[]
  on(flag: string): boolean
  /** A flag's port, 0 to 65,535. @throws UsageError */
  port(flag: string): number | undefined
  /** A flag's whole number, 1 or more. @throws UsageError */
  count(flag: string): number | undefined
}

/** Values as node:util's parseArgs gives them. */
export type FlagValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>

const isWholeNumber = (text: string, least: number, most: number) =>
  /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most

/** A port number from text. @throws UsageError naming where it came from. */
export const portOf = (text: string, from: string): number => {
  if (!isWholeNumber(text, 0, 65_535))
    throw new UsageError(`${from} must be a port, 0 to 65535; it is '${text}'.`)
  return Number(text)
}

/** Makes the typed view of parsed values. */
export const createInput = (args: Readonly<Record<string, readonly string[]>>, flags: FlagValues): Input => {
  const text = (flag: string) => {
    const value = flags[flag]
    return typeof value === 'string' ? value : undefined
  }
  return {
    argument: (name) => {
      const value = args[name]?.[0]
      if (value === undefined) throw new UsageError(`${name} is missing.`)
      return value
    },
    optionalArgument: (name) => args[name]?.[0],
    arguments: (name) => args[name] ?? [],
    text,
    texts: (flag) => {
      const value = flags[flag]
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
    },
    on: (flag) => flags[flag] === true,
    port: (flag) => {
      const value = text(flag)
      return value === undefined ? undefined : portOf(value, `--${flag}`)
    },
    count: (flag) => {
      const value = text(flag)
      if (value === undefined) return undefined
      if (!isWholeNumber(value, 1, 999_999_999))
        throw new UsageError(`--${flag} must be a whole number, 1 or more; it is '${value}'.`)
      return Number(value)
    },
  }
}
