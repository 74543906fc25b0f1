import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'

/** The format that `--format` names, or `--json` for short; the first one where neither is given. @throws UsageError */
export const formatOf = <F extends string>(input: Input, formats: readonly [F, ...F[]]): F => {
  const named = input.on('json') ? 'json' : (input.text('format') ?? formats[0])
  const format = formats.find((one) => one === named)
  if (format !== undefined) return format
  throw new UsageError(`--format must be one of ${formats.join(', ')}; it is '${named}'.`)
}
