import { hash } from 'node:crypto'

/**
 * An event id computed from its cause, so that a second run makes the same ids (promise 2).
 *
 * @param parts - what makes the event this one: the cause's id, its own type, its place among its kind.
 * @returns 128 bits in the shape of a UUID (version 8, RFC 9562 section 5.8: custom).
 */
export const derivedId = (...parts: readonly (string | number)[]): string => {
  const hex = hash('sha256', parts.join('\u0000'), 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
