import type { SqliteEngine } from '../../sqlite/engine.ts'
import { dataFailure } from '../../sqlite/failure.ts'
import { MeshError } from '../../errors/mesh-error.ts'
import type { Query, Store, Stored } from '../store.ts'
import { declareTable, readTable, type Table } from './collections.ts'

type Row = { id: string; version: number; body: string; k: string | number }

const at = (body: unknown, path: string): string | number | null => {
  let value: unknown = body
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

const cursor = (row: Row) => Buffer.from(JSON.stringify([row.k, row.id])).toString('base64url')
const readCursor = (text: string) =>
  JSON.parse(Buffer.from(text, 'base64url').toString()) as [string | number, string]

const parse = <B>(row: Row): Stored<B> => ({
  id: row.id,
  version: row.version,
  body: JSON.parse(row.body) as B,
})

/** Conditions on an index's column (or the id) as SQL with its parameters. */
const conditions = (column: string, { from, to, after }: Omit<Query, 'limit'>) => {
  const bounds: [string, (string | number)[]][] = [
    ...(from === undefined ? [] : [[`${column} >= ?`, [from]] satisfies [string, (string | number)[]]]),
    ...(to === undefined ? [] : [[`${column} <= ?`, [to]] satisfies [string, (string | number)[]]]),
    ...(after === undefined
      ? []
      : [[`(${column}, id) > (?, ?)`, readCursor(after)] satisfies [string, (string | number)[]]]),
  ]
  return {
    sql: [`${column} IS NOT NULL`, ...bounds.map(([sql]) => sql)].join(' AND '),
    values: bounds.flatMap(([, values]) => values),
  }
}

/** The store port on SQLite: one table per collection, one column per declared index. Reads happen on this thread. */
export const sqliteStore = (engine: SqliteEngine): Store => {
  const tables = new Map<string, Table>()
  let declaring: Promise<unknown> = Promise.resolve()
  let closed = false
  const statements = new Map<string, ReturnType<SqliteEngine['reader']['prepare']>>()

  const refuseWhenClosed = () => {
    if (closed) throw new MeshError('MESH_STORE_UNAVAILABLE', 'The store is closed.')
  }

  const tableOf = (collection: string): Table => {
    refuseWhenClosed()
    const table = tables.get(collection) ?? readTable(engine, collection)
    if (table === undefined) throw new TypeError(`Collection '${collection}' was never declared.`)
    tables.set(collection, table)
    return table
  }

  const statement = (sql: string) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const fresh = engine.reader.prepare(sql)
    statements.set(sql, fresh)
    return fresh
  }

  const columnOf = (collection: string, index: string | undefined): string => {
    if (index === undefined) return 'id'
    const found = tableOf(collection).indexes.find((candidate) => candidate.name === index)
    if (found === undefined) throw new TypeError(`Collection '${collection}' has no index '${index}'.`)
    return found.column
  }

  const reading = <T>(read: () => T): T => {
    try {
      return read()
    } catch (cause) {
      if (cause instanceof TypeError) throw cause
      throw dataFailure(cause, 'MESH_STORE_UNAVAILABLE', "The data file can't be read")
    }
  }

  return {
    declare: async (collection) => {
      refuseWhenClosed()
      // One after the other: each declaration looks at the table that the one before has made.
      const turn = declaring.then(() => declareTable(engine, collection))
      declaring = turn.catch(() => {})
      tables.set(collection.name, await turn)
    },
    get: async <B>(collection: string, id: string) =>
      reading(() => {
        const row = statement(
          `SELECT id, version, body, id AS k FROM ${tableOf(collection).table} WHERE id = ?`,
        ).get(id)
        return row === undefined ? undefined : parse<B>(row as Row)
      }),
    put: async (collection, id, body, expected) => {
      const { table, indexes } = tableOf(collection)
      const indexed = indexes.map((index) => at(body, index.path))
      const version = await engine.write({
        kind: 'put',
        table,
        id,
        body: JSON.stringify(body),
        expected,
        indexed,
      })
      return version === 0 ? undefined : (version as number)
    },
    remove: async (collection, id, expected) =>
      (await engine.write({ kind: 'remove', table: tableOf(collection).table, id, expected })) === 1,
    find: async <B>(collection: string, query: Query) =>
      reading(() => {
        const column = columnOf(collection, query.index)
        const { sql, values } = conditions(column, query)
        const limit = Math.min(Math.max(Math.trunc(query.limit), 1), 1000)
        const rows = statement(
          `SELECT id, version, body, ${column} AS k FROM ${tableOf(collection).table} WHERE ${sql} ORDER BY ${column}, id LIMIT ${limit}`,
        ).all(...values) as Row[]
        const last = rows.at(-1)
        return {
          documents: rows.map((row) => parse<B>(row)),
          ...(last !== undefined && rows.length === limit && { next: cursor(last) }),
        }
      }),
    count: async (collection, query) =>
      reading(() => {
        const { sql, values } = conditions(columnOf(collection, query.index), query)
        const row = statement(`SELECT count(*) AS n FROM ${tableOf(collection).table} WHERE ${sql}`).get(
          ...values,
        ) as { n: number }
        return row.n
      }),
    close: async () => {
      closed = true
      statements.clear()
    },
  }
}
