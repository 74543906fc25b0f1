import type { Paint } from '../terminal/paint.ts'

const LEVELS: Readonly<Record<number, keyof Paint | undefined>> = { 40: 'yellow', 50: 'red', 60: 'red' }

/** Fields that stand elsewhere in the line, or say nothing to a person. */
const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'service', 'err'])

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const errorText = (err: unknown): readonly string[] =>
  typeof err === 'object' && err !== null && 'message' in err
    ? [`(${'code' in err ? `${String(err.code)}: ` : ''}${String(err.message)})`]
    : []

const recordOf = (json: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const record: unknown = JSON.parse(json)
    return typeof record === 'object' && record !== null ? { ...record } : undefined
  } catch {
    return undefined
  }
}

const clock = (time: unknown): string => {
  const date = new Date(Number(time))
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toISOString().slice(11, 19)
}

/** Turns one line of pino's JSON into a short line for a person; what is none stays as it is. */
export const humanLine = (json: string, paint: Paint): string => {
  const record = recordOf(json)
  if (record === undefined) return json.trimEnd()
  const { level, time, msg, service, err } = record
  const colour = paint[LEVELS[Number(level)] ?? 'dim']
  const fields = Object.entries(record).flatMap(([name, value]) =>
    HIDDEN.has(name) || value === undefined ? [] : [`${name}=${shown(value)}`],
  )
  const head = `${clock(time)} ${typeof service === 'string' ? service : 'mesh'}:`
  const text = [typeof msg === 'string' ? msg : '', ...errorText(err)].filter((part) => part !== '').join(' ')
  return [paint.dim(head), colour(text), paint.dim(fields.join(' '))].filter((part) => part !== '').join(' ')
}
