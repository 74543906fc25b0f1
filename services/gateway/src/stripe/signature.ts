import { createHmac, timingSafeEqual } from 'node:crypto'

/** Why a signature was refused. */
export type SignatureFault = 'missing' | 'unreadable' | 'wrong' | 'too old'

/** What a check needs besides header and body. */
export type SignatureRules = {
  /** Any of these may have signed. */
  readonly secrets: readonly string[]
  readonly toleranceSeconds: number
  /** Seconds since the epoch. */
  readonly now: number
}

/** Bounds of a header that is looked at: Stripe sends one signature per active secret. */
const LONGEST = 4_096
const MOST_SIGNATURES = 16

type Parts = { readonly timestamp: string; readonly signatures: readonly Buffer[] }

const readHeader = (header: string): Parts | undefined => {
  if (header.length > LONGEST) return undefined
  const pairs = header.split(',').map((pair) => pair.trim().split('=', 2))
  const timestamp = pairs.find(([name]) => name === 't')?.[1]
  const signatures = pairs
    .filter(([name, value]) => name === 'v1' && /^[0-9a-f]{64}$/.test(value ?? ''))
    .map(([, value]) => Buffer.from(value ?? '', 'hex'))
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp) || signatures.length === 0) return undefined
  return { timestamp, signatures: signatures.slice(0, MOST_SIGNATURES) }
}

const signed = (secret: string, timestamp: string, body: Uint8Array) =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest()

/**
 * Checks a `Stripe-Signature` over the raw bytes of a body (interop section 6): any `v1` may match, by any of the secrets;
 * compared in constant time. Like Stripe's own library it refuses old timestamps, not those of a faster clock.
 *
 * @returns undefined when the signature is right.
 */
export const findSignatureFault = (
  header: string | undefined,
  body: Uint8Array,
  rules: SignatureRules,
): SignatureFault | undefined => {
  if (header === undefined || header === '') return 'missing'
  const parts = readHeader(header)
  if (parts === undefined) return 'unreadable'
  const right = rules.secrets.some((secret) => {
    const expected = signed(secret, parts.timestamp, body)
    return parts.signatures.some((signature) => timingSafeEqual(signature, expected))
  })
  if (!right) return 'wrong'
  return rules.now - Number(parts.timestamp) > rules.toleranceSeconds ? 'too old' : undefined
}
