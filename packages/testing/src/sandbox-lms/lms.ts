import type { OAuthClient } from './access-token.ts'
import type { Answer } from './answer.ts'
import type { Credentials } from './auth.ts'
import type { Catalogue } from './catalogue.ts'
import type { EffectJournal } from './effect-journal.ts'
import type { EnrollmentChange } from './enrollment.ts'
import type { Ledger } from './ledger.ts'
import type { Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'
import type { Traffic } from './traffic.ts'

/** The body of an API request, read as JSON; where that fails, the LMS's answer. */
export type JsonBody = { readonly value: unknown } | { readonly refusal: Answer }

/** One API request, read from the wire. */
export interface ApiCall {
  readonly method: string
  /** Decoded, without the query; a `+` in it is a plus. */
  readonly path: string
  readonly query: URLSearchParams
  readonly credentials: Credentials
  readonly text: string
  readonly json: JsonBody
  /** The client's IP address. */
  readonly address: string
  readonly origin: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** What the route's pattern took from the path. */
  readonly params: readonly string[]
}

/** Whom and what a request is about. */
export interface Subject {
  readonly user: string | null
  readonly courseId: string | null
  readonly orderNumber: string | null
}

/** The state of the sandbox that its views work on. */
export interface Lms {
  readonly catalogue: Catalogue
  readonly ledger: Ledger
  readonly traffic: Traffic
  readonly throttle: Throttle
  readonly tokens: Tokens
  readonly apiKey: string
  readonly client: OAuthClient
  readonly journal: EffectJournal | null
  /** `email_opt_in` by calling account and organisation. */
  readonly optIns: Map<string, unknown>
}

/** Carries out a decided change; when it returns, the change is in the journal file. */
export function carryOut(lms: Lms, change: EnrollmentChange, now: number): void {
  const entry = lms.ledger.apply(change)
  lms.journal?.append(entry, now)
  lms.traffic.countEffects(change.writes)
  if (change.optIn) lms.optIns.set(`${change.optIn.username},${change.optIn.org}`, change.optIn.value)
}

/** Back to the start: everything but the tokens, which stay good as a restarted LMS's do. */
export function resetLms(lms: Lms, now: number): void {
  for (const part of [lms.catalogue, lms.ledger, lms.traffic, lms.throttle]) part.reset()
  lms.optIns.clear()
  lms.journal?.appendReset(now)
}
