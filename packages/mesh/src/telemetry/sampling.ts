/** The digits of a trace id that its maker must have drawn at random (W3C Trace Context, level 2), as far as a number holds them. */
const RANDOM_DIGITS = 13
const RANGE = 16 ** RANDOM_DIGITS

/**
 * Whether a trace that begins here is kept. The same trace gives the same answer everywhere, and whoever keeps more
 * keeps also what others keep with a smaller share.
 *
 * @param share - of the traces, 0 to 1.
 */
export const isKept = (traceId: string, share: number): boolean =>
  Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) >= (1 - share) * RANGE
