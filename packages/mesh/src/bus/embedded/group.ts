import type { TopicPartition } from '../bus.ts'
import type { EmbeddedLog } from './log.ts'
import type { Member } from './member.ts'

/** A consumer group: shares out the partitions among its members, one change at a time. */
export type Group = {
  join(member: Member): Promise<void>
  leave(member: Member, graceMs: number): Promise<void>
  wake(place: TopicPartition): void
  readonly size: number
}

/** The same partition of every topic goes to the same member, so that one key stays with one member. */
const share = (log: EmbeddedLog, members: readonly Member[], member: Member): TopicPartition[] => {
  const nth = members.indexOf(member)
  return member.topics.flatMap((topic) => {
    const partitions = log.topic(topic)?.partitions ?? 0
    return Array.from({ length: partitions }, (_, partition) => ({ topic, partition })).filter(
      ({ partition }) => partition % members.length === nth,
    )
  })
}

/**
 * Makes a group without members.
 *
 * @param graceMs - how long a member that loses a partition may take to finish what it handles.
 */
export const createGroup = (log: EmbeddedLog, graceMs: number): Group => {
  const members: Member[] = []
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = (change: () => Promise<void>): Promise<void> => {
    const next = last.then(change)
    last = next.catch(() => {})
    return next
  }

  /** First everybody gives back what is no longer theirs, drained and committed; only then does anybody take. */
  const rebalance = async () => {
    const wanted = members.map((member) => ({ member, places: share(log, members, member) }))
    await Promise.all(
      wanted.map(({ member, places }) => {
        const names = new Set(places.map((place) => `${place.topic}/${place.partition}`))
        const kept = member.assigned().filter((place) => names.has(`${place.topic}/${place.partition}`))
        return member.own(kept, graceMs)
      }),
    )
    await Promise.all(wanted.map(({ member, places }) => member.own(places, graceMs)))
  }

  return {
    join: (member) =>
      inTurn(async () => {
        members.push(member)
        await rebalance()
      }),
    leave: (member, graceMs) =>
      inTurn(async () => {
        const nth = members.indexOf(member)
        if (nth === -1) return
        members.splice(nth, 1)
        await member.own([], graceMs)
        await member.commit()
        await rebalance()
      }),
    wake: (place) => {
      for (const member of members) member.wake(place)
    },
    get size() {
      return members.length
    },
  }
}
