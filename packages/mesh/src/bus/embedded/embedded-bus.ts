import { MeshError } from '../../errors/mesh-error.ts'
import type { SqliteEngine } from '../../sqlite/engine.ts'
import type { Bus, Subscription } from '../bus.ts'
import { type Group, createGroup } from './group.ts'
import { embeddedLog } from './log.ts'
import { createMember } from './member.ts'

/** Records trimmed in one go, so that the writer is never held up for long. */
const TRIM_BATCH = 500

/**
 * The bus port on the SQLite engine: the log on disk, the consumer groups in this process. Partitions by the same hash
 * as Kafka's default partitioner.
 */
export const embeddedBus = (
  engine: SqliteEngine,
  { now = Date.now, rebalanceGraceMs = 30_000 }: { now?: () => number; rebalanceGraceMs?: number } = {},
): Bus & { trim(before: number): Promise<number> } => {
  const log = embeddedLog(engine, now)
  const groups = new Map<string, Group>()
  const subscriptions = new Set<Subscription>()
  let closed = false

  const groupOf = (name: string): Group => {
    const group = groups.get(name) ?? createGroup(log, rebalanceGraceMs)
    groups.set(name, group)
    return group
  }

  const refuseWhenClosed = () => {
    if (closed) throw new MeshError('MESH_BUS_UNAVAILABLE', 'The bus is closed.')
  }

  return {
    declare: log.declare,
    publish: async (records) => {
      refuseWhenClosed()
      const places = await log.append(records)
      for (const place of places) for (const group of groups.values()) group.wake(place)
      return places
    },
    subscribe: async (options) => {
      refuseWhenClosed()
      const unknown = options.topics.find((topic) => log.topic(topic) === undefined)
      if (unknown !== undefined)
        throw new MeshError('MESH_BUS_UNAVAILABLE', `The topic ${unknown} was never declared.`)
      const member = createMember(log, options)
      const group = groupOf(options.group)
      await group.join(member)
      const subscription: Subscription = {
        isMember: () => subscriptions.has(subscription),
        assigned: member.assigned,
        hold: member.hold,
        owns: member.owns,
        inFlight: member.inFlight,
        oldest: member.oldest,
        close: async (graceMs) => {
          subscriptions.delete(subscription)
          await group.leave(member, graceMs)
        },
      }
      subscriptions.add(subscription)
      return subscription
    },
    lag: async (group, topics) =>
      topics.flatMap((topic) =>
        Array.from({ length: log.topic(topic)?.partitions ?? 0 }, (_, partition) => {
          const place = { topic, partition }
          const { start, next } = log.bounds(place)
          return { ...place, start, committed: Math.max(log.committed(group, place) ?? 0, start), end: next }
        }),
      ),
    read: async (place, offset, limit) => log.read(place, offset, limit),
    trim: async (before) => {
      let trimmed = 0
      for (let batch = TRIM_BATCH; batch === TRIM_BATCH && !closed; trimmed += batch)
        batch = await log.trim(before, TRIM_BATCH)
      return trimmed
    },
    close: async () => {
      closed = true
      await Promise.all([...subscriptions].map((subscription) => subscription.close(0)))
    },
  }
}
