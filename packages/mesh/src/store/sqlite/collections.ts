import type { SqliteEngine } from '../../sqlite/engine.ts'
import { MeshError } from '../../errors/mesh-error.ts'
import type { Collection } from '../store.ts'

/** A declared index at its column. */
type IndexColumn = { readonly name: string; readonly path: string; readonly column: string }

/** A collection as the file holds it: one table, one column per index ever declared. */
export type Table = { readonly table: string; readonly indexes: readonly IndexColumn[] }

const tableName = (collection: string) => `doc_${collection.replaceAll('-', '_')}`

const NAME = /^[a-z][a-z0-9-]*$/
const PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

const columnsOf = (paths: readonly (readonly [string, string])[]): IndexColumn[] =>
  paths.map(([name, path], nth) => ({ name, path, column: `ix${nth}` }))

/** The collection's table, or undefined where it was never declared. */
export const readTable = (engine: SqliteEngine, collection: string): Table | undefined => {
  const row = engine.reader.prepare('SELECT paths FROM collection WHERE name = ?').get(collection) as
    | { paths: string }
    | undefined
  return (
    row && { table: tableName(collection), indexes: columnsOf(JSON.parse(row.paths) as [string, string][]) }
  )
}

/**
 * The statements that bring the file to a declaration; empty where nothing is missing. Columns are only ever added: an
 * index whose path changed leaves its old column behind, unnamed.
 */
const changes = (collection: Collection, known: Table | undefined): string => {
  const table = tableName(collection.name)
  const kept = known?.indexes ?? []
  const declared = Object.entries(collection.indexes)
  const missing = declared.filter(
    ([name, path]) => !kept.some((index) => index.name === name && index.path === path),
  )
  if (known !== undefined && missing.length === 0) return ''
  const replaced = new Set(missing.map(([name]) => name))
  const paths = [...kept.map(({ name, path }) => [replaced.has(name) ? '' : name, path]), ...missing]
  return [
    known === undefined
      ? `CREATE TABLE ${table} (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL);`
      : '',
    ...missing.map(([, path], nth) => addColumn(table, `ix${kept.length + nth}`, path)),
    `INSERT INTO collection (name, paths) VALUES ('${collection.name}', '${JSON.stringify(paths)}')
       ON CONFLICT (name) DO UPDATE SET paths = excluded.paths;`,
  ].join('\n')
}

const addColumn = (table: string, column: string, path: string) =>
  `ALTER TABLE ${table} ADD COLUMN ${column};
   UPDATE ${table} SET ${column} = json_extract(body, '$.${path}')
     WHERE json_type(body, '$.${path}') IN ('integer', 'real', 'text');
   CREATE INDEX ${table}_${column} ON ${table} (${column}, id) WHERE ${column} IS NOT NULL;`

/** Makes what is missing of a collection. @throws TypeError for a name or path that can't be one. */
export const declareTable = async (engine: SqliteEngine, collection: Collection): Promise<Table> => {
  if (!NAME.test(collection.name))
    throw new TypeError(`'${collection.name}' can't be the name of a collection.`)
  const bad = Object.values(collection.indexes).find((path) => !PATH.test(path))
  if (bad !== undefined) throw new TypeError(`'${bad}' can't be the path of an index.`)
  const sql = changes(collection, readTable(engine, collection.name))
  if (sql !== '') await engine.write({ kind: 'execute', sql: `BEGIN IMMEDIATE; ${sql} COMMIT;` })
  const table = readTable(engine, collection.name)
  if (table === undefined)
    throw new MeshError('MESH_STORE_UNAVAILABLE', `The collection ${collection.name} could not be made.`)
  return table
}
