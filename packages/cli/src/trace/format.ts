import { formatOf } from '../command/format.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'

/** How a trace is shown. */
export type Format = (typeof FORMATS)[number]

const FORMATS = ['text', 'json', 'svg', 'html'] as const

/** The format that was asked for. @throws UsageError */
export const traceFormatOf = (input: Pick<Input, 'text' | 'on'>): Format => {
  const format = formatOf(input, FORMATS)
  if (input.on('follow') && (format === 'svg' || format === 'html'))
    throw new UsageError(
      `--follow writes lines as facts come in; ${format} is a picture of one moment.`,
      'Leave out --follow, or --format.',
    )
  return format
}
