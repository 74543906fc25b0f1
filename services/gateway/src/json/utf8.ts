/** The bytes that may follow a lead byte: how many, and the range of the first (Unicode 16, table 3-7). */
const following = (lead: number): { count: number; low: number; high: number } | undefined => {
  if (lead >= 0xc2 && lead <= 0xdf) return { count: 1, low: 0x80, high: 0xbf }
  if (lead === 0xe0) return { count: 2, low: 0xa0, high: 0xbf }
  if (lead === 0xed) return { count: 2, low: 0x80, high: 0x9f }
  if (lead >= 0xe1 && lead <= 0xef) return { count: 2, low: 0x80, high: 0xbf }
  if (lead === 0xf0) return { count: 3, low: 0x90, high: 0xbf }
  if (lead >= 0xf1 && lead <= 0xf3) return { count: 3, low: 0x80, high: 0xbf }
  if (lead === 0xf4) return { count: 3, low: 0x80, high: 0x8f }
  return undefined
}

/** Where bytes stop being UTF-8. */
export type Utf8Fault = {
  /** In the words of Python's codec, which the 2023 Coordinator answered with (interop section 7). */
  readonly python: string
  readonly message: string
}

const say = (bytes: Uint8Array, from: number, to: number, reason: string): Utf8Fault => {
  const lead = (bytes[from] ?? 0).toString(16).padStart(2, '0')
  const where = to - from === 1 ? `byte 0x${lead} in position ${from}` : `bytes in position ${from}-${to - 1}`
  return {
    python: `'utf-8' codec can't decode ${where}: ${reason}`,
    message: `It is not UTF-8, from byte ${from + 1} on`,
  }
}

/**
 * Says where bytes stop being UTF-8; undefined when they are UTF-8. For messages only: `isUtf8` of node:buffer is the fast check.
 */
export const findUtf8Fault = (bytes: Uint8Array): Utf8Fault | undefined => {
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0
    if (lead < 0x80) continue
    const rest = following(lead)
    if (rest === undefined) return say(bytes, at, at + 1, 'invalid start byte')
    for (let step = 1; step <= rest.count; step += 1) {
      const next = bytes[at + step]
      if (next === undefined) return say(bytes, at, at + step, 'unexpected end of data')
      const [low, high] = step === 1 ? [rest.low, rest.high] : [0x80, 0xbf]
      if (next < low || next > high) return say(bytes, at, at + step, 'invalid continuation byte')
    }
    at += rest.count
  }
  return undefined
}
