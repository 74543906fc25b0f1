import { createRequire } from 'node:module'

/** What the patch touches of kafkajs 2.2.4's `network/requestQueue`. */
type RequestQueue = {
  /** Requests that were not written to the socket yet. */
  readonly pending: readonly unknown[]
  /** Milliseconds since the epoch until which the broker wants silence; -1: it does not. */
  readonly throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
}

/** Looks after requests that wait for a free place among those in flight, in case an answer was missed. */
const CHECK_MS = 10

let patched = false

/**
 * Takes the endless timer out of every kafkajs connection, once per process. As published, each answer arms a timer of
 * -1 ms that arms the next one: a thousand wake-ups a second for each idle connection, and Node's
 * TimeoutNegativeWarning. Patched, a timer runs only while a request waits to be written.
 */
export const patchRequestQueue = (): void => {
  if (patched) return
  patched = true
  const load = createRequire(import.meta.url)
  const { prototype } = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }
  prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return
    const throttled = this.throttledUntil - Date.now()
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null
        this.checkPendingRequests()
      },
      throttled > 0 ? throttled : CHECK_MS,
    )
  }
}
