const PLAIN = /^[\x21\x23\x24\x26-\x7e]*$/
const TO_ENCODE = /[^\x21\x23\x24\x26-\x7e]/gu
const ASCII = /^[\x20-\x7e\t]*$/
const QUOTED = /"((?:[^"\\]|\\.)*)"/g

/** Percent-encodes an attribute value for an HTTP header ("HTTP Protocol Binding" 3.1.3.2). */
export const encodeHeaderValue = (value: string): string =>
  PLAIN.test(value) ? value : value.replace(TO_ENCODE, (character) => encodeURIComponent(character))

/**
 * Undoes {@link encodeHeaderValue}, and the double quotes of older senders.
 *
 * @returns undefined when the value is not ASCII, an escape is broken, or its bytes are not UTF-8.
 */
export const decodeHeaderValue = (value: string): string | undefined => {
  if (PLAIN.test(value)) return value
  if (!ASCII.test(value)) return undefined
  const unquoted = value.replace(QUOTED, (_, inner: string) => inner.replace(/\\(.)/g, '$1'))
  try {
    return decodeURIComponent(unquoted)
  } catch {
    return undefined
  }
}
