const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of UTF-8 bytes, or undefined where they are not UTF-8. A byte order mark stays in the text. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * UTF-8 bytes of a text. Short ones are views on a shared buffer (ten times as fast as a buffer of their own):
 * copy before you transfer the memory to another thread.
 */
export const encodeUtf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
