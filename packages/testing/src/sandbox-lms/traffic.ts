/** What `GET /_sandbox/stats` shows: requests to the enrollment API only. */
export interface TrafficStats {
  /** Begun and neither answered nor given up. */
  readonly inFlight: number
  /** The most at a time since the last reset. */
  readonly maxInFlight: number
  /** Begun since the last reset. */
  readonly requests: number
  /** Enrollment writes since the last reset. */
  readonly effects: number
}

/** Counts requests in flight: from their header's arrival until the answer is out or the connection is gone. */
export class Traffic {
  #inFlight = 0
  #maxInFlight = 0
  #requests = 0
  #effects = 0

  begin(): void {
    this.#requests += 1
    this.#inFlight += 1
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight)
  }

  end(): void {
    this.#inFlight -= 1
  }

  countEffects(writes: number): void {
    this.#effects += writes
  }

  stats(): TrafficStats {
    return {
      inFlight: this.#inFlight,
      maxInFlight: this.#maxInFlight,
      requests: this.#requests,
      effects: this.#effects,
    }
  }

  /** Starts anew; what is in flight stays in flight. */
  reset(): void {
    this.#maxInFlight = this.#inFlight
    this.#requests = 0
    this.#effects = 0
  }
}
