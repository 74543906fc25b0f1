/**
 * Which offsets of one partition are finished, and how far everything before is: the only place from which a commit
 * may come. Knows only offsets that were received, never an invented range: logs have gaps.
 */
export type OffsetTracker = {
  /** An offset was received; offsets rise. `timestamp`: when the bus took the record (ms since the epoch). */
  receive(offset: number, timestamp: number): void
  /** A received offset is finished. */
  finish(offset: number): void
  /** The offset to commit: everything before it is finished. Undefined until something is. */
  committable(): number | undefined
  /** Received and not finished. */
  pending(): number
  /** Received since the first that is not finished, finished ones included: what is kept in memory. */
  span(): number
  /** Timestamp of the first that is received and not finished; undefined: none is. */
  oldest(): number | undefined
}

/** Makes the tracker of a partition that was just assigned. */
export const createOffsetTracker = (): OffsetTracker => {
  const finished = new Set<number>()
  let received: { offset: number; timestamp: number }[] = []
  let head = 0
  let position: number | undefined

  const advance = () => {
    for (
      let first = received[head];
      first !== undefined && finished.delete(first.offset);
      first = received[head]
    ) {
      position = first.offset + 1
      head++
    }
    if (head < 1024) return
    received = received.slice(head)
    head = 0
  }

  return {
    receive: (offset, timestamp) => void received.push({ offset, timestamp }),
    finish: (offset) => {
      finished.add(offset)
      if (offset === received[head]?.offset) advance()
    },
    committable: () => position,
    pending: () => received.length - head - finished.size,
    span: () => received.length - head,
    oldest: () => received[head]?.timestamp,
  }
}
