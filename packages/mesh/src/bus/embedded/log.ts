import type { SqliteEngine } from '../../sqlite/engine.ts'
import { MeshError, isMeshError } from '../../errors/mesh-error.ts'
import type { BusRecord, OutgoingRecord, Topic, TopicPartition } from '../bus.ts'
import { partitionOf } from '../partition.ts'

type Known = Topic & { readonly id: number }
type Row = {
  partition: number
  offset: number
  key: string | null
  headers: string
  value: Uint8Array | null
  at: number
}

/** The append-only log in SQLite: topics, appends, reads, committed offsets. Knows no consumers. */
export type EmbeddedLog = {
  declare(topics: readonly Topic[]): Promise<void>
  topic(name: string): Topic | undefined
  append(records: readonly OutgoingRecord[]): Promise<TopicPartition[]>
  read(place: TopicPartition, offset: number, limit: number): BusRecord[]
  /** Bounds of a partition: `start` is the first offset kept, `next` the one that comes. */
  bounds(place: TopicPartition): { start: number; next: number }
  committed(group: string, place: TopicPartition): number | undefined
  commit(group: string, place: TopicPartition, offset: number): Promise<unknown>
  /** Deletes up to `limit` records older than `before` (ms) that every known group has passed. Returns how many. */
  trim(before: number, limit: number): Promise<number>
}

const unavailable = (thrown: unknown): MeshError =>
  isMeshError(thrown, 'MESH_BUS_UNAVAILABLE')
    ? thrown
    : new MeshError(
        'MESH_BUS_UNAVAILABLE',
        `The embedded log can't be written: ${Error.isError(thrown) ? thrown.message : String(thrown)}`,
        { cause: thrown },
      )

/** Opens the log on an engine. */
export const embeddedLog = (engine: SqliteEngine, now: () => number = Date.now): EmbeddedLog => {
  const { reader } = engine
  const topics = new Map<string, Known>()
  const selectTopics = reader.prepare('SELECT id, name, partitions FROM topic')
  const selectRecords = reader.prepare(
    'SELECT partition, offset, key, headers, value, at FROM log WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?',
  )
  const selectEnd = reader.prepare('SELECT start, next FROM log_end WHERE topic = ? AND partition = ?')
  const selectCommitted = reader.prepare(
    'SELECT offset FROM committed WHERE grp = ? AND topic = ? AND partition = ?',
  )
  const selectPassed = reader.prepare(
    'SELECT min(offset) AS offset FROM committed WHERE topic = ? AND partition = ?',
  )
  const selectOlder = reader.prepare(
    'SELECT max(offset) AS offset FROM log WHERE topic = ? AND partition = ? AND at < ? AND offset < ?',
  )

  const refresh = () => {
    for (const row of selectTopics.all() as Known[]) topics.set(row.name, row)
  }
  refresh()

  const known = (name: string): Known => {
    const topic = topics.get(name)
    if (topic === undefined)
      throw new MeshError('MESH_BUS_UNAVAILABLE', `The topic ${name} was never declared.`)
    return topic
  }

  let spread = 0
  const placeOf = (record: OutgoingRecord, topic: Known): number =>
    record.key === null ? spread++ % topic.partitions : partitionOf(record.key, topic.partitions)

  return {
    declare: async (wanted) => {
      for (const { name, partitions } of wanted) {
        if (topics.has(name)) continue
        if (!/^[A-Za-z0-9._-]{1,249}$/.test(name))
          throw new TypeError(`'${name}' can't be the name of a topic.`)
        await engine.write({
          kind: 'execute',
          sql: `INSERT INTO topic (name, partitions) VALUES ('${name}', ${Math.trunc(partitions)}) ON CONFLICT DO NOTHING`,
        })
      }
      refresh()
    },
    topic: (name) => topics.get(name),
    append: async (records) => {
      try {
        const at = now()
        const rows = records.map((record) => {
          const topic = known(record.topic)
          return {
            topic: topic.id,
            partition: placeOf(record, topic),
            key: record.key,
            headers: JSON.stringify(record.headers),
            value: record.value,
            at,
          }
        })
        if (rows.length > 0) await engine.write({ kind: 'append', records: rows })
        return rows.map((row, index) => ({ topic: records[index]?.topic ?? '', partition: row.partition }))
      } catch (thrown) {
        throw unavailable(thrown)
      }
    },
    read: ({ topic, partition }, offset, limit) =>
      (selectRecords.all(known(topic).id, partition, offset, limit) as Row[]).map(
        ({ headers, at, ...row }) => ({
          ...row,
          topic,
          headers: JSON.parse(headers) as Record<string, string>,
          timestamp: at,
        }),
      ),
    bounds: ({ topic, partition }) =>
      (selectEnd.get(known(topic).id, partition) as { start: number; next: number } | undefined) ?? {
        start: 0,
        next: 0,
      },
    committed: (group, { topic, partition }) =>
      (selectCommitted.get(group, known(topic).id, partition) as { offset: number } | undefined)?.offset,
    commit: (group, { topic, partition }, offset) =>
      engine.write({ kind: 'commit', group, topic: known(topic).id, partition, offset }),
    trim: async (before, limit) => {
      let trimmed = 0
      for (const topic of topics.values()) {
        for (let partition = 0; partition < topic.partitions && trimmed < limit; partition++) {
          const passed = (selectPassed.get(topic.id, partition) as { offset: number | null }).offset
          if (passed === null) continue
          const last = (selectOlder.get(topic.id, partition, before, passed) as { offset: number | null })
            .offset
          if (last === null) continue
          const write = {
            kind: 'trim',
            topic: topic.id,
            partition,
            before: last + 1,
            limit: limit - trimmed,
          } as const
          trimmed += (await engine.write(write)) as number
        }
      }
      return trimmed
    },
  }
}
