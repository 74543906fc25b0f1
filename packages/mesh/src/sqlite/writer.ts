import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { failpoint } from '../failpoint/failpoint.ts'
import type { Batch, BatchAnswer, LogRow, Write, WriteResult } from './protocol.ts'
import { writerPragmas } from './schema.ts'

// The writer thread: the only connection that writes. While it waits for the disk, the main thread gathers the next
// batch, so one fsync serves everybody who came in the meantime.

const database = new DatabaseSync((workerData as { file: string }).file)
database.exec(writerPragmas)

const statements = new Map<string, StatementSync>()
const prepared = (sql: string): StatementSync => {
  const known = statements.get(sql)
  if (known !== undefined) return known
  const fresh = database.prepare(sql)
  statements.set(sql, fresh)
  return fresh
}

const insertRecord = prepared(
  'INSERT INTO log (topic, partition, offset, key, headers, value, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
)
const saveEnd = prepared(
  'INSERT INTO log_end (topic, partition, start, next) VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET next = excluded.next',
)
const readEnd = prepared('SELECT next FROM log_end WHERE topic = ? AND partition = ?')

/** Next offset of each partition touched in this transaction; the table is written once at its end. */
const ends = new Map<string, { topic: number; partition: number; next: number }>()

const endOf = (topic: number, partition: number) => {
  const place = `${topic}/${partition}`
  const known = ends.get(place)
  if (known !== undefined) return known
  const row = readEnd.get(topic, partition) as { next: number } | undefined
  const end = { topic, partition, next: row?.next ?? 0 }
  ends.set(place, end)
  return end
}

const append = (records: readonly LogRow[]): number[] =>
  records.map((record) => {
    const end = endOf(record.topic, record.partition)
    const offset = end.next++
    insertRecord.run(
      record.topic,
      record.partition,
      offset,
      record.key,
      record.headers,
      record.value,
      record.at,
    )
    return offset
  })

const put = (write: Extract<Write, { kind: 'put' }>): number => {
  const columns = write.indexed.map((_, index) => `ix${index}`)
  if (write.expected === 0) {
    const sql = `INSERT INTO ${write.table} (id, version, body${columns.map((column) => `, ${column}`).join('')})
      VALUES (?, 1, ?${', ?'.repeat(columns.length)}) ON CONFLICT (id) DO NOTHING`
    return Number(prepared(sql).run(write.id, write.body, ...write.indexed).changes)
  }
  const sql = `UPDATE ${write.table} SET version = version + 1, body = ?${columns.map((column) => `, ${column} = ?`).join('')}
    WHERE id = ? AND version = ?`
  const { changes } = prepared(sql).run(write.body, ...write.indexed, write.id, write.expected)
  return Number(changes) === 1 ? write.expected + 1 : 0
}

const apply = (write: Write): WriteResult => {
  switch (write.kind) {
    case 'append':
      return append(write.records)
    case 'put':
      return put(write)
    case 'remove':
      return Number(
        prepared(`DELETE FROM ${write.table} WHERE id = ? AND version = ?`).run(write.id, write.expected)
          .changes,
      )
    case 'commit':
      return Number(
        prepared(
          `INSERT INTO committed (grp, topic, partition, offset) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET offset = excluded.offset WHERE excluded.offset > offset`,
        ).run(write.group, write.topic, write.partition, write.offset).changes,
      )
    case 'trim':
      return trim(write)
    case 'execute':
      statements.clear()
      database.exec(write.sql)
      return 0
  }
}

const trim = ({ topic, partition, before, limit }: Extract<Write, { kind: 'trim' }>): number => {
  const { changes } = prepared(
    `DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE topic = ? AND partition = ? AND offset < ? ORDER BY offset LIMIT ?)`,
  ).run(topic, partition, before, limit)
  prepared(
    `UPDATE log_end SET start = coalesce((SELECT min(offset) FROM log WHERE topic = ?1 AND partition = ?2), next)
     WHERE topic = ?1 AND partition = ?2`,
  ).run(topic, partition)
  return Number(changes)
}

const unpack = ({ writes, values, lengths }: Batch): readonly Write[] => {
  let start = 0
  let nth = 0
  const take = (): Uint8Array | null => {
    const length = lengths[nth++] ?? -1
    if (length < 0) return null
    start += length
    return values.subarray(start - length, start)
  }
  return writes.map((write) =>
    write.kind === 'append'
      ? { kind: 'append', records: write.records.map((record) => ({ ...record, value: take() })) }
      : write,
  )
}

const transact = (batch: Batch): BatchAnswer => {
  ends.clear()
  try {
    const [first] = batch.writes
    if (first?.kind === 'execute') return { results: batch.writes.map(apply) }
    database.exec('BEGIN IMMEDIATE')
    const results = unpack(batch).map(apply)
    for (const end of ends.values()) saveEnd.run(end.topic, end.partition, end.next)
    failpoint('engine.before-commit')
    database.exec('COMMIT')
    failpoint('engine.after-commit')
    return { results }
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK')
    return { error: Error.isError(thrown) ? thrown.message : String(thrown) }
  }
}

parentPort?.on('message', (message: Batch | 'close') => {
  if (message !== 'close') return parentPort?.postMessage(transact(message))
  database.close()
  parentPort?.close()
})
