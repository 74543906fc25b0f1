import type { FormatReport } from './format-report.ts'
import type { CodecOptions } from './limits.ts'
import { MAX_EVENT_BYTES } from './limits.ts'

/** Whether a text is longer than a number of bytes in UTF-8; counts exactly only where it could matter. */
const exceeds = (text: string, maxBytes: number): boolean =>
  text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text, 'utf8') > maxBytes)

/**
 * Refuses an event that is too large before any work is spent on it.
 *
 * @param body - text, bytes, or the number of bytes.
 * @throws EventFormatError of kind `contract`.
 */
export const refuseOversize = (
  body: string | Uint8Array | number,
  report: FormatReport,
  { maxBytes = MAX_EVENT_BYTES }: CodecOptions,
): void => {
  const size = typeof body === 'number' ? body : body.length
  const isOver = typeof body === 'string' ? exceeds(body, maxBytes) : size > maxBytes
  if (!isOver) return
  report.breach('', `must not be larger than ${maxBytes} bytes`)
  throw report.error()
}
