import { Refusal } from '../problem/refusal.ts'

/** Longest key, in characters. */
const LONGEST = 255

const refuse = () =>
  new Refusal(
    400,
    'MESH_REQUEST_MALFORMED',
    `Idempotency-Key must be 1 to ${LONGEST} printable ASCII characters, best a UUID in double quotes.`,
  )

/**
 * Reads the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a structured string in double quotes. A key
 * without quotes, as many providers take it, is the same key.
 *
 * @returns undefined where there is no header.
 * @throws Refusal 400 for anything that is no key.
 */
export const idempotencyKeyOf = (header: string | readonly string[] | undefined): string | undefined => {
  if (header === undefined) return undefined
  if (typeof header !== 'string') throw refuse()
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1')
  const key = quoted ?? header
  if (key.length > LONGEST || !/^[\x20-\x7e]+$/.test(key) || (quoted === undefined && key.includes('"')))
    throw refuse()
  return key
}
