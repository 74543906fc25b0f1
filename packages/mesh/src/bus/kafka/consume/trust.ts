/** How far a member may trust that nobody else owns what it holds. */
export type Trust = {
  /** The coordinator answered, as to a member, a request that went out at `at`. */
  heard(at: number): void
  /** A round of sharing is wanted: the group may have begun it any time since it was last heard. */
  roundBegins(): void
  /** There is no round any more that could end without this member. */
  roundEnds(): void
  /** Milliseconds until the trust ends; 0 or less: it has ended. */
  leftMs(): number
  /** Milliseconds since the coordinator was last heard of, for people. */
  silentMs(): number
}

/** Share of the time after which silence counts: whoever still works must be told before others can take over. */
const TRUSTED = 0.9

/** Times that the coordinator watches, and a clock that goes on while the process is stopped. */
export type TrustParts = {
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly now: () => number
}

/**
 * Keeps the coordinator's time from the member's side. Counts from when a request went out, not from its answer: the
 * coordinator can't have heard of the member later than it did, so the member's time is over first.
 */
export const createTrust = ({ sessionTimeoutMs, rebalanceTimeoutMs, now }: TrustParts): Trust => {
  let heardAt = -Infinity
  let roundSince: number | undefined

  return {
    heard: (at) => {
      heardAt = Math.max(heardAt, at)
    },
    roundBegins: () => {
      roundSince ??= heardAt
    },
    roundEnds: () => {
      roundSince = undefined
    },
    leftMs: () => {
      const session = heardAt + sessionTimeoutMs * TRUSTED
      const round = (roundSince ?? Infinity) + rebalanceTimeoutMs * TRUSTED
      return Math.min(session, round) - now()
    },
    silentMs: () => Math.round(now() - heardAt),
  }
}
