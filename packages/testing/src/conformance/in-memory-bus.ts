import { MeshError, type Bus, type OutgoingRecord } from '@commerce-mesh/mesh'
import { InMemoryLog } from './in-memory-log.ts'
import { InMemoryMember } from './in-memory-member.ts'

/**
 * A bus in memory, for tests of plugins and services: it keeps every promise of the port except durability, and
 * passes the conformance suite. Nothing outlives the log it is given.
 *
 * @param log - records and positions; give it to a second bus to play another process or a restart.
 */
export const inMemoryBus = (log: InMemoryLog = new InMemoryLog()): Bus => {
  const members = new Set<InMemoryMember>()
  let closed = false

  const open = (): void => {
    if (closed) throw new MeshError('MESH_BUS_UNAVAILABLE', 'The in-memory bus is closed.')
  }
  const partitionsOf = (topic: string) => {
    const partitions = log.topic(topic)
    if (partitions === undefined) {
      throw new MeshError('MESH_BUS_UNAVAILABLE', `The topic ‘${topic}’ is not declared.`, {
        action: 'Call declare() with every topic before records are published to it.',
      })
    }
    return partitions
  }

  return {
    async declare(topics) {
      open()
      for (const { name, partitions } of topics) log.declare(name, partitions)
    },
    async publish(records: readonly OutgoingRecord[]) {
      open()
      for (const { topic } of records) partitionsOf(topic)
      const places = records.map((record) => log.append(record))
      log.wake()
      return places
    },
    async subscribe(options) {
      open()
      const member = new InMemoryMember(log, options)
      members.add(member)
      return member
    },
    async lag(group, topics) {
      open()
      return topics.flatMap((topic) =>
        partitionsOf(topic).map((records, partition) => ({
          topic,
          partition,
          start: 0,
          committed: log.committed(group, { topic, partition }),
          end: records.length,
        })),
      )
    },
    async read({ topic, partition }, offset, limit) {
      open()
      return structuredClone((partitionsOf(topic)[partition] ?? []).slice(offset, offset + limit))
    },
    async close() {
      closed = true
      await Promise.all([...members].map((member) => member.close(0)))
    },
  }
}
