import { unavailable } from '../failure.ts'

/** One caller's records on their way: all must be written, then the caller is told. */
export type Ticket = {
  /** Settles when every record is written, or one can't be. */
  readonly written: Promise<void>
  /** Whether the caller was told already: nothing more is sent for it. */
  readonly settled: () => boolean
  /** One of its records goes out with a request. */
  sent(): void
  /** That request is over. */
  back(mayBeWritten: boolean): void
  /** One more of its records is written. */
  done(): void
  /** `happened`: a sentence for people. */
  fail(happened: string): void
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
  let underWay = 0
  let unsure = false
  let settled = false
  const end = (tell: () => void) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    onEnd()
    tell()
  }
  const outcome = () => {
    if (left < records) return 'Some of its events were written all the same.'
    return unsure || underWay > 0 ? 'It may have been written all the same.' : 'Nothing was accepted.'
  }
  const fail = (happened: string) => end(() => reject(unavailable(`${happened} ${outcome()}`)))
  const timer = setTimeout(
    () => fail(`Kafka did not take the event within ${deadlineMs} ms: ${why()}.`),
    deadlineMs,
  )
  return {
    written: promise,
    settled: () => settled,
    sent: () => {
      underWay++
    },
    back: (mayBeWritten) => {
      underWay--
      unsure ||= mayBeWritten
    },
    done: () => {
      left--
      if (left === 0) end(resolve)
    },
    fail,
  }
}
