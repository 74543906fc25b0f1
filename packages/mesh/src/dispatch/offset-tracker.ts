/**
 * Which offsets of one partition are finished, and how far everything before is: the only place from which a commit
 * may come. Knows only offsets that were received, never an invented range: logs have gaps.
 */
export type OffsetTracker = {
  /** An offset was received; offsets rise. */
  receive(offset: number): void
  /** A received offset is finished. */
  finish(offset: number): void
  /** The offset to commit: everything before it is finished. Undefined until something is. */
  committable(): number | undefined
  /** Received and not finished. */
  pending(): number
}

/** Makes the tracker of a partition that was just assigned. */
export const createOffsetTracker = (): OffsetTracker => {
  const finished = new Set<number>()
  let received: number[] = []
  let head = 0
  let position: number | undefined

  const advance = () => {
    for (let first = received[head]; first !== undefined && finished.delete(first); first = received[head]) {
      position = first + 1
      head++
    }
    if (head < 1024) return
    received = received.slice(head)
    head = 0
  }

  return {
    receive: (offset) => void received.push(offset),
    finish: (offset) => {
      finished.add(offset)
      if (offset === received[head]) advance()
    },
    committable: () => position,
    pending: () => received.length - head - finished.size,
  }
}
