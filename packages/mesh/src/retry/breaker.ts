import { pause } from '../flow/pause.ts'
import { type BreakerOptions, type BreakerState, closedBreaker, failed, succeeded } from './breaker-state.ts'

/** Holds a service back while what it depends on is down or throttles (promise 8). */
export type Breaker = {
  /**
   * Resolves when a call may be made: at once while closed; while open, for one caller at a time as a probe.
   * Resolves false when the signal aborts or the breaker ends first.
   */
  admit(signal: AbortSignal): Promise<boolean>
  /** The other side answered, whatever it said. */
  success(): void
  /**
   * The other side as a whole failed.
   * @returns whether calls are held back now.
   */
  failure(why: BreakerReason, afterMs?: number): boolean
  /** A probe ended without telling anything about the other side (aborted). */
  release(): void
  state(): BreakerState
  /** Why calls are held back; undefined while they are not. */
  heldBack(): HeldBack | undefined
  /** Lets nobody through any more: the process stops. */
  end(): void
}

/** What failed: a code of the catalogue, and what happened. */
type BreakerReason = { readonly code: string; readonly reason: string }

/** The last failure of a dependency that holds a service back, and since when (ms). */
type HeldBack = BreakerReason & { readonly since: number }

/** Makes a closed breaker. */
export const createBreaker = (
  options: BreakerOptions,
  onChange: (open: boolean) => void,
  now: () => number = Date.now,
): Breaker => {
  let state = closedBreaker
  let held: HeldBack | undefined
  let probing = false
  let ended = false
  let changed = new AbortController()

  const move = (next: BreakerState) => {
    const turned = next.open !== state.open
    state = next
    const waking = changed
    changed = new AbortController()
    waking.abort()
    if (turned) onChange(next.open)
  }

  /** Sleeps until the state moves, the time comes or the caller goes. */
  const wait = async (ms: number, signal: AbortSignal) => {
    await pause(ms, AbortSignal.any([signal, changed.signal]))
  }

  const admit = async (signal: AbortSignal): Promise<boolean> => {
    while (!signal.aborted && !ended) {
      if (!state.open) return true
      const remaining = state.until - now()
      if (remaining <= 0 && !probing) {
        probing = true
        return true
      }
      await wait(remaining > 0 ? remaining : options.maxCoolDownMs, signal)
    }
    return false
  }

  return {
    admit,
    success: () => {
      probing = false
      if (state.open || state.failures > 0) move(succeeded())
    },
    failure: (why, afterMs) => {
      probing = false
      held = { ...why, since: state.open ? (held?.since ?? now()) : now() }
      move(failed(state, options, now(), afterMs))
      return state.open
    },
    release: () => {
      if (!probing) return
      probing = false
      move(state)
    },
    state: () => state,
    heldBack: () => (state.open ? held : undefined),
    end: () => {
      ended = true
      changed.abort()
    },
  }
}
