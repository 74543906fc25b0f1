import type { Logger } from 'pino'
import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import type { TopicPartition } from '../../bus.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { kafkaWords } from '../failure.ts'
import type { GroupRequests } from './group-requests.ts'
import type { LogRequests } from './log-requests.ts'
import type { OwnedPartition } from './owned-partition.ts'

/** What finding positions works with. */
export type PositionParts = {
  readonly group: Pick<GroupRequests, 'committed'>
  readonly log: Pick<LogRequests, 'earliest'>
  readonly leaderOf: (place: TopicPartition) => number | undefined
  readonly refresh: () => Promise<void>
  readonly onFound: () => void
  readonly logger: Logger
}

const isWaiting = (partition: OwnedPartition) =>
  partition.position() === undefined && !partition.aborted() && !partition.draining()

/**
 * Finds where partitions go on: at the group's commit, and at the start of the log where there is none. Tries until it
 * knows, or the partition is owned no more: a guess would lose records or repeat them.
 */
export const findPositions = async (
  partitions: readonly OwnedPartition[],
  parts: PositionParts,
): Promise<void> => {
  const beginAtStart = async (partition: OwnedPartition) => {
    const node = parts.leaderOf(partition.place)
    if (node === undefined) throw new Error('The partition has no leader at the moment.')
    const offset = await parts.log.earliest(node, partition.place)
    if (isWaiting(partition)) partition.start(offset, undefined)
  }

  const once = async (waiting: readonly OwnedPartition[]) => {
    const committed = await parts.group.committed(waiting.map(({ place }) => place))
    const starts: Promise<void>[] = []
    for (const { topic, partition: number, offset } of committed) {
      const partition = waiting.find(({ place }) => place.topic === topic && place.partition === number)
      if (partition === undefined || !isWaiting(partition)) continue
      if (offset === undefined) starts.push(beginAtStart(partition))
      else partition.start(offset, offset)
    }
    parts.onFound()
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected')
    parts.onFound()
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
  }

  for (let tries = 1; ; tries++) {
    const waiting = partitions.filter(isWaiting)
    if (waiting.length === 0) return
    try {
      await once(waiting)
    } catch (thrown) {
      parts.logger.debug({ err: kafkaWords(thrown) }, 'positions of partitions are not known yet')
      await pause(backoffMs(BETWEEN_TRIES, tries, Math.random()))
      await parts.refresh().catch(() => {})
    }
  }
}
