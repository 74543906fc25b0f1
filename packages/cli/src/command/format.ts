import type { Input } from './input.ts'
import { UsageError } from './usage-error.ts'

/**
 * The format that `--format` names; `--json` is short for `--format json`. The first one where neither is given.
 *
 * @throws UsageError
 */
export const formatOf = <F extends string>(
  input: Pick<Input, 'text' | 'on'>,
  formats: readonly [F, ...F[]],
): F => {
  const given = input.text('format')
  const named = given ?? (input.on('json') ? 'json' : formats[0])
  const format = formats.find((one) => one === named)
  if (format === undefined)
    throw new UsageError(`--format must be one of ${formats.join(', ')}; it is '${named}'.`)
  if (input.on('json') && format !== 'json')
    throw new UsageError(`--json and --format ${format} contradict each other.`, 'Give one of them.')
  return format
}
