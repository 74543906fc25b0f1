import type { Logger } from 'pino'
import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import type { TopicPartition } from '../../bus.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { kafkaWords } from '../failure.ts'
import { refusalIn } from './coordinator.ts'
import type { GroupRequests } from './group-requests.ts'
import type { LogRequests } from './log-requests.ts'
import type { OwnedPartition } from './owned-partition.ts'
import type { Standstills } from './standstill.ts'
import { placeName } from '../../partition.ts'

/** What finding positions works with. */
export type PositionParts = {
  readonly group: Pick<GroupRequests, 'committed'>
  readonly log: Pick<LogRequests, 'earliest'>
  readonly leaderOf: (place: TopicPartition) => number | undefined
  readonly refresh: () => Promise<void>
  readonly standstills: Pick<Standstills, 'note'>
  readonly onFound: () => void
  readonly logger: Logger
}

const isWaiting = (partition: OwnedPartition) =>
  partition.position() === undefined && !partition.aborted() && !partition.draining()

/**
 * Finds where partitions go on: at the group's commit, and at the start of the log where there is none. Tries until it
 * knows, or the partition is owned no more: a guess would lose records or repeat them. One that is refused holds up no
 * other.
 */
export const findPositions = async (
  partitions: readonly OwnedPartition[],
  parts: PositionParts,
): Promise<void> => {
  /** When to ask again (monotonic). */
  const held = new WeakMap<OwnedPartition, number>()

  const fail = (partition: OwnedPartition, why: string) => {
    if (!isWaiting(partition)) return
    held.set(partition, performance.now() + parts.standstills.note(partition, why))
    parts.logger.debug({ ...partition.place, why }, 'the position of a partition is not known yet')
  }

  const beginAtStart = async (partition: OwnedPartition) => {
    const node = parts.leaderOf(partition.place)
    if (node === undefined) return fail(partition, 'LEADER_NOT_AVAILABLE')
    try {
      const offset = await parts.log.earliest(node, partition.place)
      if (isWaiting(partition)) partition.start(offset, undefined)
    } catch (thrown) {
      fail(partition, kafkaWords(thrown))
    }
  }

  const once = async (waiting: readonly OwnedPartition[]) => {
    const committed = await parts.group.committed(waiting.map(({ place }) => place))
    const answers = new Map(committed.map((answer) => [placeName(answer), answer]))
    const starts: Promise<void>[] = []
    for (const partition of waiting.filter(isWaiting)) {
      const { offset, refusal } = answers.get(placeName(partition.place)) ?? { refusal: 'an empty answer' }
      if (refusal !== undefined) fail(partition, refusal)
      else if (offset === undefined) starts.push(beginAtStart(partition))
      else partition.start(offset, offset)
    }
    parts.onFound()
    await Promise.all(starts)
    parts.onFound()
  }

  for (let tries = 1; partitions.some(isWaiting); tries++) {
    const due = partitions.filter((one) => isWaiting(one) && (held.get(one) ?? 0) <= performance.now())
    try {
      if (due.length > 0) await once(due)
    } catch (thrown) {
      const why = refusalIn(thrown) ?? kafkaWords(thrown)
      for (const partition of due) fail(partition, why)
    }
    if (!partitions.some(isWaiting)) return
    await pause(backoffMs(BETWEEN_TRIES, tries, Math.random()))
    if (due.length > 0) await parts.refresh().catch(() => {})
  }
}
