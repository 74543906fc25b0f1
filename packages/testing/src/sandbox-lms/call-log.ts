import type { FaultKind } from './faults.ts'

/** One API request as the sandbox saw it. */
export interface CallRecord {
  /** When it began, milliseconds since 1970 by the sandbox's clock. */
  readonly at: number
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  /** Whom and what it was about, where that could be told. */
  readonly user: string | null
  readonly courseId: string | null
  /** `order:order_number` of an enrollment POST. */
  readonly orderNumber: string | null
  /** The W3C trace context that came with it. */
  readonly traceparent: string | null
  /** `null` where no answer was given: reset, never answered, or given up by the client. */
  readonly status: number | null
  /** The fault that struck it. */
  readonly fault: FaultKind | 'down' | null
  /** From its beginning to its end, by real time. */
  readonly durationMs: number
}

/** The latest calls, oldest first, in bounded memory. */
export class CallLog {
  readonly #limit: number
  #calls: CallRecord[] = []

  /** @param limit how many are kept. */
  constructor(limit = 10_000) {
    this.#limit = limit
  }

  add(call: CallRecord): void {
    this.#calls.push(call)
    // Cut in halves, so that a full log does not move every record for each new one.
    if (this.#calls.length >= this.#limit * 2) this.#calls = this.#calls.slice(-this.#limit)
  }

  /** @param count at most so many, the latest. */
  latest(count = this.#limit): CallRecord[] {
    return count > 0 ? this.#calls.slice(-Math.min(count, this.#limit)) : []
  }

  reset(): void {
    this.#calls = []
  }
}
