import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'

/** How a trace is shown. */
export type Format = (typeof FORMATS)[number]

const FORMATS = ['text', 'json', 'svg', 'html'] as const

const named = (format: string): Format => {
  const known = FORMATS.find((one) => one === format)
  if (known === undefined)
    throw new UsageError(`--format must be one of ${FORMATS.join(', ')}; it is '${format}'.`)
  return known
}

/** The format that was asked for. `--json` is short for `--format json`. @throws UsageError */
export const formatOf = (input: Pick<Input, 'text' | 'on'>): Format => {
  const given = input.text('format')
  const format = given === undefined ? undefined : named(given)
  if (input.on('json') && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} contradict each other.`, 'Give one of them.')
  const chosen = input.on('json') ? 'json' : (format ?? 'text')
  if (input.on('follow') && (chosen === 'svg' || chosen === 'html'))
    throw new UsageError(
      `--follow writes lines as facts come in; ${chosen} is a picture of one moment.`,
      'Leave out --follow, or --format.',
    )
  return chosen
}
