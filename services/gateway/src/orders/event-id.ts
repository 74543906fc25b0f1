import { hash } from 'node:crypto'

const VARIANT = '89ab'

/**
 * An event id that the same cause always gives: SHA-256 over the parts, in the form of a UUID of version 8 (RFC 9562,
 * section 5.8). A request sent twice is then the same event, which every consumer's inbox drops.
 */
export const eventIdOf = (...parts: readonly string[]): string => {
  // A length before each part: ('ab','c') and ('a','bc') must differ.
  const digest = hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''), 'hex')
  const variant = VARIANT[Number.parseInt(digest.slice(16, 17), 16) & 3] ?? '8'
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
