import { setTimeout as delay } from 'node:timers/promises'

/** How long {@link eventually} waits and how it names what it waits for. */
export type EventuallyOptions = {
  /** Deadline in milliseconds; 10,000 when absent. */
  readonly timeoutMs?: number
  /** Pause between two looks in milliseconds; 5 when absent. */
  readonly everyMs?: number
  /** What is waited for, for the error message; may be computed at the end to tell what was seen. */
  readonly what?: string | (() => string)
}

/** What a condition is worth when it holds. */
export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>

/**
 * Waits until a condition holds. A condition that throws does not hold yet.
 *
 * @returns the condition's first truthy value.
 * @throws Error when the deadline passes; its cause is the last error of the condition, if there was one.
 */
export const eventually = async <T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 5, what = 'the condition' }: EventuallyOptions = {},
): Promise<Truthy<T>> => {
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  do {
    try {
      const value = await within(Promise.resolve(condition()), deadline - performance.now(), 'one look')
      if (value) return value as Truthy<T>
      cause = undefined
    } catch (thrown) {
      cause = thrown
    }
    await delay(everyMs)
  } while (performance.now() < deadline)
  const name = typeof what === 'string' ? what : what()
  throw new Error(`Waited ${timeoutMs} ms in vain for: ${name}.`, cause === undefined ? {} : { cause })
}

/**
 * Gives a promise a deadline.
 *
 * @param timeoutMs - milliseconds; what is past counts as 0.
 * @param what - what is waited for, for the error message.
 * @throws Error when the promise has not settled in time.
 */
export const within = async <T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`Not settled after ${Math.round(timeoutMs)} ms: ${what}.`)),
    Math.max(0, timeoutMs),
  )
  try {
    return await Promise.race([promise, expired])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets the event loop go round, so that what can run does; no time is waited for. */
export const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** Something that is closed until somebody opens it. */
export type Gate = { readonly opened: Promise<void>; open(): void }

/** Makes a closed gate. */
export const gate = (): Gate => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
