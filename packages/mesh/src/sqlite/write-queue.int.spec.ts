import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { LogRow, Write } from './protocol.ts'
import { migrate } from './schema.ts'
import { temporaryDirectories } from './temp-directory.fixture.ts'
import { startWriter, type Writer } from './write-queue.ts'

const directories = temporaryDirectories()
const open: { writer: Writer; reader: DatabaseSync }[] = []

const setUp = async () => {
  const file = path.join(directories.make(), 'mesh.db')
  const reader = new DatabaseSync(file)
  migrate(reader, file)
  reader.exec(
    'CREATE TABLE parcel (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL)',
  )
  const writer = await startWriter(file)
  open.push({ writer, reader })
  /** Changes with every transaction of another connection that changed the file. */
  const transactions = () => {
    const { data_version: version } = reader.prepare('PRAGMA data_version').get() as { data_version: number }
    return version
  }
  const ids = () =>
    reader
      .prepare('SELECT id FROM parcel ORDER BY id')
      .all()
      .map((row) => row['id'])
  return { writer, reader, ids, transactions }
}

afterEach(async () => {
  for (const { writer, reader } of open.splice(0)) {
    await writer.close()
    reader.close()
  }
  directories.remove()
})

const put = (id: string, expected = 0, table = 'parcel'): Write => ({
  kind: 'put',
  table,
  id,
  body: `{"id":"${id}"}`,
  expected,
  indexed: [],
})

const row = (value: string | null, partition = 0): LogRow => ({
  topic: 1,
  partition,
  key: 'P-1',
  headers: '{}',
  value: value === null ? null : Buffer.from(value),
  at: 0,
})

const refusal = expect.objectContaining({ code: 'MESH_STORE_UNAVAILABLE' })

describe('write queue', () => {
  it('answers each caller with the result of its own write', async () => {
    const { writer } = await setUp()
    const answers = await Promise.all([
      writer.write(put('a')),
      writer.write(put('a')),
      writer.write(put('a', 1)),
      writer.write(put('a', 1)),
      writer.write({ kind: 'append', records: [row('x'), row(null), row('', 1)] }),
      writer.write({ kind: 'append', records: [row('y')] }),
      writer.write({ kind: 'remove', table: 'parcel', id: 'a', expected: 1 }),
      writer.write({ kind: 'remove', table: 'parcel', id: 'a', expected: 2 }),
      writer.write({ kind: 'commit', group: 'g', topic: 1, partition: 0, offset: 5 }),
      writer.write({ kind: 'commit', group: 'g', topic: 1, partition: 0, offset: 4 }),
    ])
    expect(answers).toEqual([1, 0, 2, 0, [0, 1, 0], [2], 0, 1, 1, 0])
  })

  it('keeps every value as it was given, null and empty told apart', async () => {
    const { writer, reader } = await setUp()
    const records = [row('first'), row(null), row(''), row('\u0000last')]
    await Promise.all(records.map((record) => writer.write({ kind: 'append', records: [record] })))
    const values = reader.prepare('SELECT value FROM log ORDER BY offset').all() as {
      value: Uint8Array | null
    }[]
    expect(values.map(({ value }) => value && Buffer.from(value).toString())).toEqual([
      'first',
      null,
      '',
      '\u0000last',
    ])
  })

  it('puts what many callers want into one transaction, and what comes meanwhile into the next', async () => {
    const { writer, transactions, ids } = await setUp()
    const before = transactions()
    await Promise.all(Array.from({ length: 500 }, (_, nth) => writer.write(put(`a${nth}`))))
    expect(transactions() - before).toBe(1)
    const first = writer.write(put('b'))
    await Promise.resolve()
    const rest = Array.from({ length: 300 }, (_, nth) => writer.write(put(`c${nth}`)))
    await Promise.all([first, ...rest])
    expect(transactions() - before).toBeLessThanOrEqual(3)
    expect(ids()).toHaveLength(801)
  })

  it('rejects the whole batch that fails, writes nothing of it, and goes on with the next', async () => {
    const { writer, ids } = await setUp()
    const batch = [writer.write(put('a')), writer.write(put('b', 0, 'nowhere')), writer.write(put('c'))]
    const answers = await Promise.allSettled(batch)
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason)).toEqual([
      refusal,
      refusal,
      refusal,
    ])
    expect(ids()).toEqual([])
    expect(writer.problem()).toMatch(/can't be written/)
    await expect(writer.write(put('d'))).resolves.toBe(1)
    expect(writer.problem()).toBeUndefined()
    expect(ids()).toEqual(['d'])
  })

  it('counts offsets anew after a failed batch: none is skipped and none given twice', async () => {
    const { writer } = await setUp()
    const append: Write = { kind: 'append', records: [row('x'), row('y')] }
    await expect(writer.write(append)).resolves.toEqual([0, 1])
    await Promise.allSettled([writer.write(append), writer.write(put('b', 0, 'nowhere'))])
    await expect(writer.write(append)).resolves.toEqual([2, 3])
  })

  it('runs schema changes alone, in their turn', async () => {
    const { writer } = await setUp()
    const sql = `BEGIN IMMEDIATE;
      CREATE TABLE later (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL); COMMIT;`
    const answers = await Promise.allSettled([
      writer.write(put('a')),
      writer.write({ kind: 'execute', sql }),
      writer.write(put('b', 0, 'later')),
      writer.write({ kind: 'execute', sql }),
      writer.write(put('c', 0, 'later')),
    ])
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })

  it('takes as much as may wait for the disk, and refuses more rather than hold it (promise 9)', async () => {
    const { writer } = await setUp()
    const commit: Write = { kind: 'commit', group: 'g', topic: 1, partition: 0, offset: 1 }
    const writes = Array.from({ length: 50_000 }, () => writer.write(commit))
    await expect(writer.write(commit)).rejects.toEqual(refusal)
    await Promise.all(writes)
    await expect(writer.write(commit)).resolves.toBe(0)
  })

  it('finishes what was asked before it closes, and refuses what comes after', async () => {
    const { writer, ids } = await setUp()
    const asked = [
      writer.write(put('a')),
      writer.write({ kind: 'execute', sql: 'SELECT 1' }),
      writer.write(put('b')),
    ]
    const closing = writer.close()
    await Promise.all([...asked, closing])
    await expect(writer.write(put('c'))).rejects.toEqual(refusal)
    expect(ids()).toEqual(['a', 'b'])
  })

  it('refuses every write when its thread has failed, and can still be closed', async () => {
    const writer = await startWriter(path.join(directories.make(), 'no', 'such', 'mesh.db'))
    await expect(writer.write(put('a'))).rejects.toEqual(refusal)
    await expect(writer.write(put('b'))).rejects.toEqual(refusal)
    expect(writer.problem()).toMatch(/writer thread failed/)
    await writer.close()
  })

  it('has no problem to tell of while all is well', async () => {
    const { writer } = await setUp()
    await writer.write(put('a'))
    expect(writer.problem()).toBeUndefined()
  })
})
