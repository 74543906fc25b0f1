import type { MeshError } from '../../../errors/mesh-error.ts'
import { unavailable } from '../failure.ts'

/** One caller's records on their way: all must be written, then the caller is told. */
export type Ticket = {
  /** Settles when every record is written, or one can't be. */
  readonly written: Promise<void>
  /** Whether the caller was told already: nothing more is sent for it. */
  readonly settled: () => boolean
  /** One more of its records is written. */
  done(): void
  fail(error: MeshError): void
}

/** What a ticket tells when its time is over. */
type Expiry = {
  /** Milliseconds from now. */
  readonly deadlineMs: number
  /** Why it is not written yet, for people. */
  readonly why: () => string
  /** Called once, when the ticket settles in any way. */
  readonly onEnd: () => void
}

/** Opens a ticket for so many records; 1 or more. */
export const openTicket = (records: number, { deadlineMs, why, onEnd }: Expiry): Ticket => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let left = records
  let settled = false
  const end = (tell: () => void) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    onEnd()
    tell()
  }
  const fail = (error: MeshError) => end(() => reject(error))
  const timer = setTimeout(
    () =>
      fail(
        unavailable(`Kafka did not take the event within ${deadlineMs} ms: ${why()}. Nothing was accepted.`),
      ),
    deadlineMs,
  )
  return {
    written: promise,
    settled: () => settled,
    done: () => {
      left--
      if (left === 0) end(resolve)
    },
    fail,
  }
}
