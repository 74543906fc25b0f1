import type { IHeaders } from 'kafkajs'
import type { BusRecord, TopicPartition } from '../../bus.ts'

/** A record as kafkajs decodes it from an answer to a fetch; its bytes are views into the whole answer. */
export type FetchedMessage = {
  readonly offset: string
  /** Milliseconds since the epoch. */
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: IHeaders
  /** Marks the end of a transaction; nobody's record. */
  readonly isControlRecord?: boolean
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean }
}

/** A transaction that was rolled back; its records are in the answer all the same. */
export type AbortedTransaction = { readonly producerId: string; readonly firstOffset: string }

const headerText = (value: IHeaders[string]): string => {
  // A name may come several times; as with Kafka's own clients the last one counts.
  const last = Array.isArray(value) ? value.at(-1) : value
  return last?.toString() ?? ''
}

const headersOf = (found: IHeaders = {}): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const name of Object.keys(found)) {
    const value = headerText(found[name])
    // Assigned like any other name it would vanish.
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true })
    else headers[name] = value
  }
  return headers
}

/** A fetched record as handlers see it. Copies the value, so that a record that waits does not keep its whole answer. */
export const toBusRecord = ({ topic, partition }: TopicPartition, message: FetchedMessage): BusRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  key: message.key?.toString() ?? null,
  headers: headersOf(message.headers),
  value: message.value === null ? null : Buffer.from(message.value),
})

const ABORT = Buffer.from([0, 0, 0, 0])

/** Leaves out what comes before `from` (a batch is never cut), ends of transactions, and what was rolled back. */
export const visible = (
  messages: readonly FetchedMessage[],
  aborted: readonly AbortedTransaction[],
  from: number,
): FetchedMessage[] => {
  const ahead = [...aborted].toSorted((a, b) => Number(a.firstOffset) - Number(b.firstOffset))
  const rolledBack = new Set<string>()
  return messages.filter(({ offset, key, isControlRecord = false, batchContext }) => {
    while (ahead[0] !== undefined && Number(ahead[0].firstOffset) <= Number(offset))
      rolledBack.add(ahead.shift()?.producerId ?? '')
    const { producerId = '', inTransaction = false } = batchContext ?? {}
    if (isControlRecord) {
      if (key?.equals(ABORT)) rolledBack.delete(producerId)
      return false
    }
    return Number(offset) >= from && !(inTransaction && rolledBack.has(producerId))
  })
}
