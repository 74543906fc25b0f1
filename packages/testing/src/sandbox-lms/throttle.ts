import { detail, page } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Caller } from './user.ts'

const minute = 60_000

/** At most `limit` requests of one key in any 60 seconds, counted as Django REST Framework does: a refused one is not counted. */
export class SlidingWindow {
  readonly #limit: number
  readonly #hits = new Map<string, number[]>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts a request at `now` (milliseconds). `null`: granted; else the milliseconds until the next one would be. */
  take(key: string, now: number): number | null {
    const hits = this.#hits.get(key) ?? []
    const firstKept = hits.findIndex((at) => at > now - minute)
    hits.splice(0, firstKept === -1 ? hits.length : firstKept)
    this.#hits.set(key, hits)
    if (hits.length < this.#limit) {
      hits.push(now)
      return null
    }
    return minute - (now - (hits[0] ?? now))
  }

  reset(): void {
    this.#hits.clear()
  }
}

/** Requests per minute; each one optional, by default the LMS's own numbers. */
export interface ThrottleLimits {
  /** Per staff user, enrollment API. Default 120. */
  readonly staffPerMinute?: number
  /** Per other user, and per address for anonymous calls, enrollment API. Default 40. */
  readonly userPerMinute?: number
  /** Per address, token endpoint. Default 120. */
  readonly tokensPerMinute?: number
}

/** The rate limits of the LMS (interop section 1, status 429, and section 2, status 403). */
export class Throttle {
  readonly #staff: SlidingWindow
  readonly #user: SlidingWindow
  readonly #tokens: SlidingWindow
  readonly #off: boolean

  /** @param limits `false` for none at all. */
  constructor(limits: false | ThrottleLimits = {}) {
    const given = limits === false ? {} : limits
    this.#off = limits === false
    this.#staff = new SlidingWindow(given.staffPerMinute ?? 120)
    this.#user = new SlidingWindow(given.userPerMinute ?? 40)
    this.#tokens = new SlidingWindow(given.tokensPerMinute ?? 120)
  }

  /** Counts a call of the enrollment API; the refusal where it is one too many. The API key is exempt. */
  enrollment(caller: Caller, address: string, now: number): Answer | null {
    if (this.#off || caller.hasApiKey) return null
    const window = caller.user?.isStaff ? this.#staff : this.#user
    const wait = window.take(caller.user?.username ?? address, now)
    return wait === null ? null : tooMany(Math.ceil(wait / 1000))
  }

  /** Counts a call of the token endpoint. Its limiter answers 403, not 429, and names no time. */
  token(address: string, now: number): Answer | null {
    if (this.#off || this.#tokens.take(address, now) === null) return null
    return page(403, '403 Forbidden')
  }

  reset(): void {
    for (const window of [this.#staff, this.#user, this.#tokens]) window.reset()
  }
}

function tooMany(seconds: number): Answer {
  const unit = seconds === 1 ? 'second' : 'seconds'
  const text = `Request was throttled. Expected available in ${seconds} ${unit}.`
  return detail(429, text, { 'retry-after': String(seconds) })
}
